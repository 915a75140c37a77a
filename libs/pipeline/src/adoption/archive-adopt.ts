import {
  type Archive,
  ArchiveMissError,
  type Cache,
  cachePath,
  CacheUnavailableError,
  type Inspector,
  NotMediaError,
} from '@mediakeep/content'
import { registerContents } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { adoptRows } from './adopt-rows.ts'
import { downloadObject } from '../archive/download-object.ts'
import { archivePrefix } from '../archive/own-object.ts'
import { mapConcurrently } from '../map-concurrently.ts'
import { selectOldObjects } from './archive-adopt.sql.ts'

export interface ArchiveAdoptDeps {
  readonly db: Database
  readonly cache: Cache
  readonly archive: Archive
  readonly inspector: Inspector
}

export interface ArchiveAdoptOptions {
  /** Only these media; default all. */
  readonly mediaIds?: readonly string[] | undefined
  /** Maximum number of objects. */
  readonly limit?: number | undefined
  /** Reports which objects would be read, and reads none. */
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly onObject?: ((object: AdoptedObject) => void) | undefined
}

export interface AdoptedObject {
  readonly archiveUrl: string
  /** `different`: its MD5 does not match its rows. Objects that are not adopted stay unchanged. */
  readonly outcome: 'adopted' | 'missing' | 'different' | 'not_media' | 'failed'
  /** Rows that were changed; in a dry run, rows that have the URL. */
  readonly mediaIds: readonly string[]
  readonly reason?: string
}

interface OldObject {
  readonly archiveUrl: string
  readonly mediaIds: string[]
  /** MD5s from its rows; at most one is right. */
  readonly md5s: string[]
}

const BATCH = 200
const AT_ONCE = 8

/**
 * Completes rows that the older tool archived and that have no SHA-256 yet: reads their objects into the cache,
 * checks them against the MD5 in the row, and inspects them. The objects stay in place.
 */
export async function archiveAdopt(
  deps: ArchiveAdoptDeps,
  options: ArchiveAdoptOptions = {},
): Promise<AdoptedObject[]> {
  await deps.archive.ping(options.signal)
  const adopted: AdoptedObject[] = []
  const limit = options.limit ?? Infinity
  for (let after = ''; adopted.length < limit;) {
    const batch = await oldObjects(deps, options, after, Math.min(BATCH, limit - adopted.length))
    if (batch.length === 0) break
    after = batch.at(-1)!.archiveUrl
    const done = await mapConcurrently(batch, AT_ONCE, async (object) => {
      options.signal?.throwIfAborted()
      const outcome = await adoptObject(deps, object, options)
      options.onObject?.(outcome)
      return outcome
    })
    adopted.push(...done)
  }
  return adopted
}

async function oldObjects(
  { db }: ArchiveAdoptDeps,
  { mediaIds }: ArchiveAdoptOptions,
  after: string,
  limit: number,
): Promise<OldObject[]> {
  const found = await selectOldObjects(db, [after, mediaIds ?? null, limit])
  return found.rows
}

async function adoptObject(
  { db, cache, archive, inspector }: ArchiveAdoptDeps,
  { archiveUrl, mediaIds, md5s }: OldObject,
  { dryRun, signal }: ArchiveAdoptOptions,
): Promise<AdoptedObject> {
  const left = (outcome: AdoptedObject['outcome'], reason: string): AdoptedObject => ({
    ...{ archiveUrl, outcome, mediaIds: [], reason },
  })
  const key = archive.keyOf(archiveUrl)
  if (key === undefined) return left('failed', `not in the configured archive (${archivePrefix(archive)})`)
  if (dryRun === true) return { archiveUrl, outcome: 'adopted', mediaIds }
  const temporary = await cache.createTemporary()
  try {
    const digests = await downloadObject(archive, key, temporary.path, { signal })
    if (md5s.some((md5) => md5 !== digests.md5)) return left('different', `its MD5 is ${digests.md5}`)
    const facts = await inspector.inspect(temporary.path, signal)
    const content = (await registerContents(db, [{ ...digests, ...facts, isInspected: true }])).get(
      digests.sha256,
    )!
    await cache.put(temporary, cachePath(content), content)
    return { archiveUrl, outcome: 'adopted', mediaIds: await adoptRows(db, cache.id, content, mediaIds) }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof CacheUnavailableError) throw error
    if (error instanceof ArchiveMissError) return left('missing', String(error))
    return left(error instanceof NotMediaError ? 'not_media' : 'failed', String(error))
  } finally {
    await temporary.discard()
  }
}
