import { copyFile, readdir, stat, unlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { digestFile } from '@mediakeep/checksum'
import {
  type Cache,
  cachePath,
  CacheUnavailableError,
  type Content,
  type Inspector,
  NotMediaError,
  SERVICE_FOLDERS,
} from '@mediakeep/content'
import { registerContents } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { mapConcurrently } from '../map-concurrently.ts'
import { type MatchedRow, matchNames } from './adopt-match.ts'
import { adoptRows } from './adopt-rows.ts'

export interface AdoptDeps {
  readonly db: Database
  readonly cache: Cache
  readonly inspector: Inspector
}

export interface AdoptedFile {
  /** Relative to the folder. */
  readonly file: string
  /**
   * `adopted`: moved into the cache (or already there) and recorded in its rows. Left in place: `unmatched`: no row
   * refers to it; `different`: its rows show other bytes; `not_media`; `failed`.
   */
  readonly outcome: 'adopted' | 'unmatched' | 'different' | 'not_media' | 'failed'
  /** Rows that were changed; in a dry run, rows that refer to the file. */
  readonly mediaIds: readonly string[]
  readonly reason?: string
}

export interface AdoptOptions {
  /** Reports which files would be taken over, and changes nothing. */
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly onFile?: ((file: AdoptedFile) => void) | undefined
}

const AT_ONCE = 4
const OLD_NAME = /^([0-9a-f]{32})\.[a-z0-9]{1,10}$/i
const NOT_CONTENTS: readonly string[] = Object.values(SERVICE_FOLDERS)

/**
 * Takes over an old cache whose files are named by the MD5 of their URL or content. Each file is
 * checksummed, inspected, copied into the cache, checked there, and only then removed.
 */
export async function cacheAdopt(
  deps: AdoptDeps,
  folder: string,
  options: AdoptOptions = {},
): Promise<AdoptedFile[]> {
  const files = await listFiles(folder)
  const names = files.flatMap((file) => oldName(file) ?? [])
  const rows = await matchNames(deps.db, names, options.signal)
  return mapConcurrently(files, AT_ONCE, async (file) => {
    options.signal?.throwIfAborted()
    const matched = rows.get(oldName(file) ?? '') ?? []
    const outcome = await adoptOne(deps, join(folder, file), matched, options.dryRun ?? false)
    const adopted = { file, ...outcome }
    options.onFile?.(adopted)
    return adopted
  })
}

type Outcome = Omit<AdoptedFile, 'file'>

async function adoptOne(
  deps: AdoptDeps,
  path: string,
  matched: readonly MatchedRow[],
  dryRun: boolean,
): Promise<Outcome> {
  if (matched.length === 0) return { outcome: 'unmatched', mediaIds: [] }
  try {
    const digests = await digestFile(path)
    const rows = matched.filter((row) => row.md5 === null || row.md5 === digests.md5)
    const showing = rows.filter((row) => row.sha256 === null || row.sha256 === digests.sha256)
    if (showing.length === 0) {
      return { outcome: 'different', mediaIds: [], reason: `its MD5 is ${digests.md5}` }
    }
    const mediaIds = showing.map((row) => row.mediaId)
    const facts = await deps.inspector.inspect(path)
    if (dryRun) return { outcome: 'adopted', mediaIds }
    const content = (await registerContents(deps.db, [{ ...digests, ...facts, isInspected: true }])).get(
      digests.sha256,
    )!
    const isInPlace = await bringIntoCache(deps.cache, path, content)
    const changed = await adoptRows(deps.db, deps.cache.id, content, mediaIds)
    if (!isInPlace) await unlink(path)
    return { outcome: 'adopted', mediaIds: changed }
  } catch (error) {
    if (error instanceof CacheUnavailableError) throw error
    const outcome = error instanceof NotMediaError ? 'not_media' : 'failed'
    return { outcome, mediaIds: [], reason: String(error) }
  }
}

/** @returns true if the file is itself the cache's copy */
async function bringIntoCache(cache: Cache, path: string, content: Content): Promise<boolean> {
  const target = cachePath(content)
  if ((await cache.size(target)) !== undefined) {
    const [ours, theirs] = [await stat(await cache.locate(target)), await stat(path)]
    if (ours.ino === theirs.ino && ours.dev === theirs.dev) return true
  }
  const temporary = await cache.createTemporary()
  try {
    await copyFile(path, temporary.path)
    await cache.put(temporary, target, content)
  } finally {
    await temporary.discard()
  }
  const check = await cache.verify(target, content)
  if (check !== 'ok') throw new Error(`The copy in the cache is ${check}`)
  return false
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !NOT_CONTENTS.includes(file.split('/')[0]!))
    .sort()
}

function oldName(file: string): string | undefined {
  return OLD_NAME.exec(file.slice(file.lastIndexOf('/') + 1))?.[1]?.toLowerCase()
}
