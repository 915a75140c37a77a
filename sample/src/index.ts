export { startSampleOrigin, type SampleOrigin } from './origin.ts'
