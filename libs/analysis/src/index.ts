export {
  configureAnalysers,
  configuredAnalysers,
  type AnalyserChoice,
  type ConfiguredAnalyser,
} from './analysers.ts'
export { type Reach } from './take.ts'
export { claimAnalyses, type ClaimAnalysesOptions } from './claim.ts'
export {
  AnalysisRangeError,
  AnalysisResultError,
  UnknownAnalyserError,
  type ResultProblem,
} from './errors.ts'
export { planAnalyses } from './plan.ts'
export { type AnalysisLease, type AnalysisUsage, type LeaseKey } from './queue.ts'
export { prioritiseAnalyses } from './prioritise.ts'
export { requeueAnalyses } from './requeue.ts'
export { checkResult, type AnalysisResult, type CheckedResult, type Findings } from './result.ts'
export {
  completeAnalyses,
  expireAnalyses,
  extendAnalyses,
  failAnalyses,
  releaseAnalyses,
  type CompletedAnalysis,
  type FailedAnalysis,
} from './settle.ts'
export { repairAnalyses, shareAnalyses } from './share.ts'
