export { analyseStage, type AnalyseStage, type AnalyseStageOptions } from './analyse-stage.ts'
export { cachedFiles } from './cached-files.ts'
export type { FileInput } from './analysis-job.ts'
export type { FileSource } from './lane.ts'
