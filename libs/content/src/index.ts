export { MEDIA_TYPES, type MediaType } from '@mediakeep/plugin-api'
export {
  archiveKey,
  cachePath,
  CONTENT_FOLDERS,
  quarantineKey,
  quarantineName,
  SERVICE_FOLDERS,
  type Content,
  type Finding,
  type MediaFacts,
} from './content.ts'
export {
  ArchiveError,
  ArchiveMissError,
  isUnusable,
  type Archive,
  type ArchiveCheck,
  type ArchivedObject,
  type ArchiveErrorCode,
  type ArchiveSource,
} from './ports/archive.ts'
export {
  CacheMissError,
  CachePathError,
  CacheUnavailableError,
  CacheWriteError,
} from './ports/cache-errors.ts'
export type { ByteRange, Cache, CacheCheck, TemporaryFile } from './ports/cache.ts'
export {
  FetchError,
  type FetchedFile,
  type Fetcher,
  type FetchFate,
  type FetchOptions,
} from './ports/fetcher.ts'
export {
  InspectionFailedError,
  InspectorUnavailableError,
  isDangerous,
  NotMediaError,
  type Inspector,
  type Sniffer,
} from './ports/inspector.ts'
export { namedRefusal, playlistRefusal } from './playlist.ts'
export type { Quarantine } from './ports/quarantine.ts'
