export { rejectContent, unrejectContent } from './placeholders.ts'
export { requeueDownloads, retryInspections, type DownloadSelection } from './requeue.ts'
export { downloadStage, type DownloadStageOptions } from './stage.ts'
