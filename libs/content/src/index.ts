export { archiveKey, cachePath, type Content, type MediaFacts, type MediaType } from './content.ts'
export {
  ArchiveError,
  ArchiveMissError,
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
export { contentOfMedia, findContents, registerContents, type NewContent } from './registry.ts'
export { DOWNLOADED_EVENT, queueContents, unarchived } from './queue-contents.ts'
