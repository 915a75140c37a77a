import type { Sql } from '@mediakeep/sql'
import { unarchived } from './queues.ts'

/** A rejected file in a cache's quarantine. */
export interface QuarantinedFile {
  readonly fileName: string
  readonly sha256: string
  readonly byteSize: number
  readonly reason: string
  /** The row whose download brought it; undefined if it was a content in the cache. */
  readonly mediaId?: string | undefined
}

/** Records files now in quarantine. A file that returns is listed once, with its latest reason. */
export async function listInQuarantine(
  sql: Sql,
  cacheId: string,
  files: readonly QuarantinedFile[],
): Promise<void> {
  if (files.length === 0) return
  await sql.query(
    `INSERT INTO mediakeep.quarantine AS f (cache_id, file_name, sha256_sum, byte_size, reason, media_id)
     SELECT DISTINCT ON (g."fileName") $1, g."fileName", g.sha256, g."byteSize", g.reason, g."mediaId"
     FROM jsonb_to_recordset($2::jsonb)
       AS g ("fileName" text, sha256 text, "byteSize" bigint, reason text, "mediaId" text)
     ORDER BY g."fileName"
     ON CONFLICT (cache_id, file_name) DO UPDATE SET reason = excluded.reason,
       media_id = coalesce(excluded.media_id, f.media_id), quarantined_at = now(),
       release_requested_at = NULL, released_at = NULL, removed_at = NULL`,
    [cacheId, JSON.stringify(files)],
  )
}

export interface Release {
  readonly cacheId: string
  readonly fileName: string
  readonly sha256: string
  /** True if the file is back in the cache; otherwise it is no longer in quarantine. */
  readonly isHere: boolean
}

/** Ends the release of a file from quarantine. A file that is back is inspected again. */
export async function endRelease(sql: Sql, { cacheId, fileName, sha256, isHere }: Release): Promise<void> {
  await sql.query(
    `WITH ended AS (
       UPDATE mediakeep.quarantine f SET released_at = CASE WHEN $4 THEN now() END,
         removed_at = CASE WHEN NOT $4 THEN now() END
       WHERE f.cache_id = $1 AND f.file_name = $2)
     UPDATE mediakeep.contents c SET cache_id = $1, inspected_at = NULL, inspect_not_before = now()
     WHERE c.sha256_sum = $3 AND $4 AND c.rejected_at IS NULL`,
    [cacheId, fileName, sha256, isHere],
  )
}

/**
 * Records that the archive has the bytes of a rejected content, verified. Its rows are linked once it is released.
 *
 * @returns false if nothing was recorded: the content was released, or archived elsewhere, in the meantime
 */
export async function linkQuarantined(
  sql: Sql,
  { sha256, url }: { readonly sha256: string; readonly url: string },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE mediakeep.contents c SET archive_url = $2, archived_at = now(), archive_verified_at = now(),
       archive_missing_since = NULL, archive_error = NULL
     WHERE c.sha256_sum = $1 AND c.rejected_at IS NOT NULL AND ${unarchived('c')}`,
    [sha256, url],
  )
  return rowCount > 0
}

/**
 * Records that a file leaves a quarantine, because the archive has it. From then on, only the archive can release it.
 *
 * @returns false if its release was requested: the file must stay until it is back in the cache
 */
export async function removeFromQuarantine(
  sql: Sql,
  { cacheId, fileName }: { readonly cacheId: string; readonly fileName: string },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE mediakeep.quarantine SET removed_at = now()
     WHERE cache_id = $1 AND file_name = $2 AND released_at IS NULL AND release_requested_at IS NULL`,
    [cacheId, fileName],
  )
  return rowCount > 0
}
