export { runStages, type RunOptions } from './run-stages.ts'
export { createStages, downloads, imports, inspections, uploads, type StageParts } from './stages.ts'
export { StageProgress } from './stage-progress.ts'
