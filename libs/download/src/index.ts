export { downloadStage, type DownloadStageOptions } from './stage.ts'
