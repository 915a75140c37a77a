import { actorJson } from '@mediakeep/custody'
import type { Sql } from '@mediakeep/sql'
import { queueUploads, updateNextPlace, updateVerified } from './content-state.sql.ts'

/** A content that neither the archive nor a given cache could provide. */
export interface AbsentContent {
  readonly sha256: string
  readonly reason: string
  /** Its archive URL when it was checked; a content whose URL has changed since is left alone. */
  readonly archiveUrl?: string | undefined
  /** The cache that was checked and lacks the file; defaults to the cache in the content's row. */
  readonly cacheId?: string | undefined
}

/**
 * Finds the next place to get the bytes from: another cache in use, by queueing the upload there, and if none is
 * left, the source. Rows then go back to `waiting`. No place is forgotten: `archive_url`, `local_file_path`, checksums
 * and the time of the first fetch stay, and a copy that reappears is linked again. A content whose upload is running is
 * left alone: its uploader will find out.
 *
 * @returns the next place for each content that was changed
 */
export async function seekElsewhere(
  sql: Sql,
  absent: readonly AbsentContent[],
): Promise<Map<string, 'upload' | 'fetch'>> {
  if (absent.length === 0) return new Map()
  const sought = await updateNextPlace(sql, [JSON.stringify(absent), actorJson()])
  return new Map(sought.rows.map(({ sha256, next }) => [sha256, next]))
}

export interface MissingObject {
  readonly sha256: string
  /** The URL at which the archive should have it complete, but does not. */
  readonly archiveUrl: string
  /** The cache that will upload it again. */
  readonly cacheId: string
  readonly reason: string
}

/**
 * For contents that the archive lacks or holds damaged: queues another upload from a cache. Until then they keep the
 * URL, and the time since it has been missing. @returns the queued ones
 */
export async function queueAgain(sql: Sql, missing: readonly MissingObject[]): Promise<string[]> {
  const queued = await queueUploads(sql, [JSON.stringify(missing), actorJson()])
  return queued.rows.map((row) => row.sha256)
}

/** How the archive's object was checked: its size and metadata, or all its bytes. */
export type VerifiedDepth = 'head' | 'deep'

/**
 * Records that the archive has these contents, in one entry of the custody log. Also repairs rows that lack their content's URL.
 * @returns those that still count as archived
 */
export async function markVerified(
  sql: Sql,
  sha256s: readonly string[],
  depth: VerifiedDepth,
): Promise<string[]> {
  if (sha256s.length === 0) return []
  const verified = await updateVerified(sql, [sha256s, actorJson(), depth])
  return verified.rows.map((row) => row.sha256)
}
