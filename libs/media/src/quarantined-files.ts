import type { Sql } from '@mediakeep/sql'

/** A rejected file that is in the quarantine of a cache. */
export interface QuarantinedFile {
  readonly fileName: string
  readonly sha256: string
  readonly byteSize: number
  readonly reason: string
  /** The row whose download brought it; undefined where it was a content of the cache. */
  readonly mediaId?: string | undefined
}

/** Lists files that are in quarantine now. The same file may come again: it is listed once, with the last reason. */
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
