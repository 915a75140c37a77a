export { rejectContent, unrejectContent } from './placeholders.ts'
export { requeueDownloads, type DownloadSelection } from './requeue.ts'
export { downloadStage, type DownloadStageOptions } from './stage.ts'
