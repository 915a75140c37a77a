export { runStages, type RunOptions, type StageObserver } from './run-stages.ts'
export {
  createStages,
  downloads,
  exportFiles,
  imports,
  inspections,
  uploads,
  type StageParts,
} from './stages.ts'
export { StageProgress } from './stage-progress.ts'
