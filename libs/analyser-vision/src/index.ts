export { createVisionAnalyser, type VisionOptions, type VisionPrices } from './analyser.ts'
