export { samplePosts, startSampleOrigin, type SampleOrigin } from './origin.ts'
