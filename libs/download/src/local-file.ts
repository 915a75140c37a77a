import { copyFile } from 'node:fs/promises'
import type { Digests } from '@mediakeep/checksum'
import {
  CachePathError,
  InspectionFailedError,
  NotMediaError,
  type Cache,
  type Inspector,
  type MediaFacts,
  type Sniffer,
  type TemporaryFile,
} from '@mediakeep/content'
import type { DownloadRow } from './queue.ts'

export interface LocalFile {
  readonly localPath: string
  readonly digests: Digests
  readonly facts: MediaFacts
  readonly isInspected: boolean
}

export interface LocalFileParts {
  readonly cache: Cache
  readonly sniffer: Sniffer
  readonly inspector: Inspector
}

/**
 * Returns the file that the row names, if it is in the cache and matches the row: from the older tool, or from an
 * unfinished attempt. A file that does not match is moved aside if its content is known. A file of the older tool is
 * decoded here: unless it is complete, it is not taken over and may not be removed.
 */
export async function findLocalFile(
  row: Pick<DownloadRow, 'path' | 'md5' | 'sha256' | 'byteSize'>,
  { cache, sniffer, inspector }: LocalFileParts,
  signal: AbortSignal,
): Promise<LocalFile | undefined> {
  const { path, md5, sha256, byteSize } = row
  if (path === null || !(await isHere(path, cache))) return undefined
  const digests = await cache.digest(path)
  if (md5 !== null && (digests.md5 !== md5 || (sha256 !== null && digests.sha256 !== sha256))) {
    if (sha256 !== null && byteSize !== null) await cache.verify(path, { md5, sha256, byteSize })
    return undefined
  }
  const isInspected = sha256 === null
  try {
    const absolute = await cache.locate(path)
    const facts = await (isInspected ? inspector.inspect(absolute, signal) : sniffer.sniff(absolute))
    return { localPath: path, digests, facts, isInspected }
  } catch (error) {
    // Its URL may still have the complete file.
    if (error instanceof NotMediaError || error instanceof InspectionFailedError) return undefined
    throw error
  }
}

/** Makes a copy to move to its content's path; other rows may name the file itself. */
export async function copyLocalFile(path: string, cache: Cache): Promise<TemporaryFile> {
  const temporary = await cache.createTemporary()
  try {
    await copyFile(await cache.locate(path), temporary.path)
    return temporary
  } catch (error) {
    await temporary.discard()
    throw error
  }
}

// The older tool wrote arbitrary values: a path that is invalid in a cache does not name one of our files.
async function isHere(path: string, cache: Cache): Promise<boolean> {
  try {
    return (await cache.size(path)) !== undefined
  } catch (error) {
    if (error instanceof CachePathError) return false
    throw error
  }
}
