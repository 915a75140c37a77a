import { type Archive, cachePath } from '@mediakeep/content'
import { appendCustody, itemEntries, programActor, type CustodyItem } from '@mediakeep/custody'
import { markVerified, type StoredContent, toStoredContent } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { mapConcurrently } from '../map-concurrently.ts'
import { checkObject } from './check-object.ts'
import { selectVerified } from './evict-cache.sql.ts'

export interface EvictOptions {
  /** Size limit of the cache in bytes. */
  readonly maxBytes: number
  /** Bytes and files to remove at least, even if the rest is within `maxBytes`; default 0. */
  readonly freeBytes?: number | undefined
  readonly freeFiles?: number | undefined
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** A cache that removes its least recently used files, and asks before it removes a content. */
export interface EvictableCache<Report> {
  readonly id: string
  evict(
    options: EvictOptions & {
      mayRemove(paths: readonly string[]): Promise<ReadonlySet<string>>
      onRemoved(paths: readonly string[]): Promise<void>
    },
  ): Promise<Report>
}

export interface EvictDeps<Report> {
  readonly db: Sql
  readonly cache: EvictableCache<Report>
  readonly archive: Archive
}

const HEADS_AT_ONCE = 16

/**
 * Removes the least recently used files until the cache is within `maxBytes`. Only contents that the archive
 * has verified once, and still shows now, may go. Rows keep their `local_file_path`.
 */
export function evictCache<Report>(
  { db, cache, archive }: EvictDeps<Report>,
  options: EvictOptions,
): Promise<Report> {
  let allowed: ReadonlyMap<string, string> = new Map()
  return cache.evict({
    ...options,
    async mayRemove(paths) {
      const archived = await archivedContents(db, archive, paths, options)
      allowed = new Map(archived.map((content) => [cachePath(content), content.sha256]))
      return new Set(allowed.keys())
    },
    async onRemoved(paths) {
      // Thumbnails go as well. They are no contents, and are drawn again.
      const contents = paths.flatMap((path) => allowed.get(path) ?? [])
      const items = contents.map((sha256): CustodyItem => ({ subject: `content:${sha256}`, cache: cache.id }))
      await appendCustody(db, programActor(), itemEntries('evicted', items))
    },
  })
}

async function archivedContents(
  db: Sql,
  archive: Archive,
  paths: readonly string[],
  { dryRun, signal }: EvictOptions,
): Promise<StoredContent[]> {
  const verified = await verifiedContents(db, paths)
  const checks = await mapConcurrently(verified, HEADS_AT_ONCE, (content) =>
    checkObject(archive, content, 'head', signal),
  )
  const there = verified.filter((_, n) => checks[n] === 'ok')
  if (dryRun === true) return there
  // An object that another process found damaged in the meantime is needed here: it no longer counts as archived.
  const sha256s = await markVerified(
    db,
    there.map((content) => content.sha256),
    'head',
  )
  const still = new Set(sha256s)
  return there.filter((content) => still.has(content.sha256))
}

async function verifiedContents(sql: Sql, paths: readonly string[]): Promise<StoredContent[]> {
  const byName = new Map(paths.map((path) => [nameOf(path), path]))
  const found = await selectVerified(sql, [[...byName.keys()]])
  // A name belongs to the content only in its own folder and with its own extension.
  return found.rows.map(toStoredContent).filter((content) => byName.get(content.name) === cachePath(content))
}

/** `images/d41d….jpg` → `d41d…` */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
}
