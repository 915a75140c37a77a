export { downloadStage, type DownloadStageOptions } from './stage.ts'
export { fileStage, type FileStageOptions } from './files/file-stage.ts'
