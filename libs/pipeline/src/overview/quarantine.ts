import type { Sql } from '@mediakeep/sql'

/** A file in quarantine, as shown to a person. */
export interface QuarantineEntry {
  readonly fileName: string
  readonly sha256: string
  readonly byteSize: number
  readonly reason: string
  readonly quarantinedAt: Date
  /** Media that showed it, or whose download brought it; only the first ones where there are many. */
  readonly mediaIds: string[]
  /** Number of media that show it. */
  readonly mediaCount: number
  /** False if the file has left this machine; the archive has it. */
  readonly isHere: boolean
  /** False if the bytes never became a content: taking back the rejection fetches and judges them again. */
  readonly isContent: boolean
}

export interface QuarantineSelection {
  readonly mediaId?: string | undefined
  readonly postId?: string | undefined
  /** Only posts published at this time or later. */
  readonly startDate?: Date | undefined
  readonly limit?: number | undefined
}

const EXAMPLES = 10

/** Lists a cache's quarantine, the oldest files first, with those that moved to the archive. */
export async function quarantinedFiles(
  sql: Sql,
  cacheId: string,
  { mediaId, postId, startDate, limit }: QuarantineSelection = {},
): Promise<QuarantineEntry[]> {
  const isRestricted = mediaId !== undefined || postId !== undefined || startDate !== undefined
  const found = await sql.query<QuarantineEntry>(
    `SELECT f.file_name AS "fileName", f.sha256_sum AS sha256, f.byte_size AS "byteSize", f.reason,
       f.quarantined_at AS "quarantinedAt", c.sha256_sum IS NOT NULL AS "isContent",
       f.removed_at IS NULL AS "isHere", shown."mediaCount", shown."mediaIds"
     FROM mediakeep.quarantine f LEFT JOIN mediakeep.contents c ON c.sha256_sum = f.sha256_sum
     CROSS JOIN LATERAL (
       SELECT count(*) AS "mediaCount", coalesce((array_agg(m.media_id ORDER BY m.media_id))[1:${EXAMPLES}], '{}') AS "mediaIds"
       FROM (SELECT m.media_id, m.post_id, m.posted_at FROM public.post_media m WHERE m.sha256_sum = f.sha256_sum
         UNION SELECT m.media_id, m.post_id, m.posted_at FROM public.post_media m WHERE m.media_id = f.media_id) m
       WHERE ($3::text IS NULL OR m.media_id = $3) AND ($4::text IS NULL OR m.post_id = $4)
         AND ($5::timestamptz IS NULL OR m.posted_at >= $5)) shown
     WHERE f.cache_id = $1 AND f.released_at IS NULL AND ($2 OR shown."mediaCount" > 0)
       AND (f.removed_at IS NULL OR (c.rejected_at IS NOT NULL AND c.archive_url IS NOT NULL))
     ORDER BY f.quarantined_at, f.file_name LIMIT $6`,
    [cacheId, !isRestricted, mediaId ?? null, postId ?? null, startDate ?? null, limit ?? null],
  )
  return found.rows
}
