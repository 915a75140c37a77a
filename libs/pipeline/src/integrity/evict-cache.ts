import { type Archive, cachePath } from '@mediakeep/content'
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
  evict(
    options: EvictOptions & { mayRemove(paths: readonly string[]): Promise<ReadonlySet<string>> },
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
  return cache.evict({ ...options, mayRemove: (paths) => archivedPaths(db, archive, paths, options) })
}

async function archivedPaths(
  db: Sql,
  archive: Archive,
  paths: readonly string[],
  { dryRun, signal }: EvictOptions,
): Promise<Set<string>> {
  const verified = await verifiedContents(db, paths)
  const checks = await mapConcurrently(verified, HEADS_AT_ONCE, (content) =>
    checkObject(archive, content, 'head', signal),
  )
  const there = verified.filter((_, n) => checks[n] === 'ok')
  if (dryRun === true) return new Set(there.map(cachePath))
  // An object that another process found damaged in the meantime is needed here: it no longer counts as archived.
  const sha256s = await markVerified(
    db,
    there.map((content) => content.sha256),
  )
  const still = new Set(sha256s)
  return new Set(there.filter((content) => still.has(content.sha256)).map(cachePath))
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
