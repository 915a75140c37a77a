import { basename, extname } from 'node:path'
import type { Readable } from 'node:stream'
import {
  type Archive,
  type ByteRange,
  type Cache,
  cachePath,
  CachePathError,
  type MediaType,
} from '@mediakeep/content'
import { type MediaContent, mediaContents, type StoredContent } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { absenceGuard } from './absence-guard.ts'
import { examineContent } from './examine-content.ts'
import { ContentUnavailableError, restoreContent } from './restore-content.ts'

export interface OpenedMedia {
  readonly sha256: string
  readonly byteSize: number
  /** From the bytes. `application/octet-stream` for a file that was never inspected. */
  readonly mimeType: string
  readonly extension: string
  /** Undefined for a file that was never inspected. */
  readonly mediaType: MediaType | undefined
  /** For a download dialog: `{mediaId}.{extension}`. */
  readonly fileName: string
  open(range?: ByteRange): Promise<Readable>
  /** Absolute path of the file in this cache, for decoders that need one. */
  locate(): Promise<string>
}

export interface OpenMediaDeps {
  readonly db: Database
  readonly cache: Cache
  readonly archive: Archive
}

/**
 * Opens a media file for reading: from the cache, restored from the archive first if necessary. If neither has it,
 * it goes back to its source.
 *
 * @returns undefined when there is no such media, nothing was fetched for it, or it was rejected: rejected media are
 * never served, nor brought back into the cache
 * @throws ContentUnavailableError when neither this cache nor the archive has the bytes
 */
export async function openMedia(deps: OpenMediaDeps, mediaId: string): Promise<OpenedMedia | undefined> {
  const [media] = await mediaContents(deps.db, [mediaId])
  if (media?.rowId === undefined || media.isRejected) return undefined
  if (media.content !== undefined) return openContent(deps, media.rowId, media.content, media)
  if (media.localFilePath !== undefined) return openUnknown(deps.cache, media.rowId, media.localFilePath)
  return undefined
}

async function openContent(
  deps: OpenMediaDeps,
  mediaId: string,
  content: StoredContent,
  { isFetched }: Pick<MediaContent, 'isFetched'>,
): Promise<OpenedMedia> {
  const path = cachePath(content)
  const bringHere = async (): Promise<void> => {
    const size = await deps.cache.size(path)
    if (size === content.byteSize) return
    // Truncated or grown: moved to quarantine, or put() would mistake it for the content.
    if (size !== undefined) await deps.cache.verify(path, content)
    try {
      await restoreContent(deps, content)
    } catch (error) {
      if (isFetched && error instanceof ContentUnavailableError) await mend(deps, content)
      throw error
    }
  }
  // Evicted since; any other error recurs on the second try.
  const again = <Result>(use: () => Promise<Result>): Promise<Result> =>
    use().catch(() => bringHere().then(use))
  await bringHere()
  const { sha256, byteSize, mimeType, extension, mediaType } = content
  return {
    sha256,
    byteSize,
    mimeType,
    extension,
    mediaType,
    fileName: `${mediaId}.${extension}`,
    open: (range) => again(() => deps.cache.open(path, range)),
    locate: () => again(() => deps.cache.locate(path)),
  }
}

/** Repairs it now: nothing else may ever check it, and its row would count as fetched for ever. */
async function mend(deps: OpenMediaDeps, content: StoredContent): Promise<void> {
  // An archive that is away as a whole must not look like one with missing objects.
  if (content.archiveUrl !== undefined) await deps.archive.ping()
  await examineContent(deps, content, {
    ...{ cacheDepth: 'size', archiveDepth: 'head', restoreMissing: true },
    guard: absenceGuard(deps),
  })
}

/** Opens a file of the older tool without a checksum: its type is unknown, so it is served as plain bytes. */
async function openUnknown(cache: Cache, mediaId: string, path: string): Promise<OpenedMedia | undefined> {
  const size = await cache.size(path).catch((error: unknown) => {
    if (error instanceof CachePathError) return undefined
    throw error
  })
  if (size === undefined) return undefined
  const { sha256, byteSize } = await cache.digest(path)
  const extension = extname(basename(path)).slice(1).toLowerCase() || 'bin'
  return {
    sha256,
    byteSize,
    mimeType: 'application/octet-stream',
    extension,
    mediaType: undefined,
    fileName: `${mediaId}.${extension}`,
    open: (range) => cache.open(path, range),
    locate: () => cache.locate(path),
  }
}
