export { openFileArchive, type FileArchive, type FileArchiveOptions } from './file-archive.ts'
export { openS3Archive, type S3ArchiveOptions } from './s3-archive.ts'
