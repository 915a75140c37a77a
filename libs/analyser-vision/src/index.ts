export { createVisionAnalyser, DEFAULT_PROMPT, type VisionOptions, type VisionPrices } from './analyser.ts'
