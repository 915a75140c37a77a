import type { Content, MediaType } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'

/** A content, and where its bytes are kept. */
export interface StoredContent extends Content {
  /** The cache that holds, or held, the bytes to be archived. */
  readonly cacheId?: string | undefined
  /** Where the archive holds it, or was last seen to hold it. */
  readonly archiveUrl?: string | undefined
  /** The archive was asked for it, and did not show it whole. */
  readonly isMissing?: boolean | undefined
}

export interface StoredContentRow {
  readonly sha256: string
  readonly md5: string
  readonly byteSize: number
  readonly name: string
  readonly mediaType: MediaType
  readonly mimeType: string
  readonly extension: string
  readonly width: number | null
  readonly height: number | null
  readonly durationMs: number | null
  readonly cacheId: string | null
  readonly archiveUrl: string | null
  readonly isMissing: boolean
}

/** SQL: the columns of a `StoredContentRow`, of the alias of a `mediakeep.contents`. */
export function storedColumns(alias: string): string {
  return `${alias}.sha256_sum AS sha256, ${alias}.md5_sum AS md5, ${alias}.byte_size AS "byteSize", ${alias}.name,
  ${alias}.media_type AS "mediaType", ${alias}.mime_type AS "mimeType", ${alias}.extension, ${alias}.width,
  ${alias}.height, ${alias}.duration_ms AS "durationMs", ${alias}.cache_id AS "cacheId",
  ${alias}.archive_url AS "archiveUrl", ${alias}.archive_missing_since IS NOT NULL AS "isMissing"`
}

export function toStoredContent(row: StoredContentRow): StoredContent {
  return {
    sha256: row.sha256,
    md5: row.md5,
    byteSize: row.byteSize,
    name: row.name,
    mediaType: row.mediaType,
    mimeType: row.mimeType,
    extension: row.extension,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    durationMs: row.durationMs ?? undefined,
    cacheId: row.cacheId ?? undefined,
    archiveUrl: row.archiveUrl ?? undefined,
    isMissing: row.isMissing,
  }
}

/** A media row that was asked for, and its content if it has one. */
export interface MediaContent {
  /** As it was asked for, be it merged into another since. */
  readonly mediaId: string
  /** The row that stands for it now; undefined when there is none. */
  readonly rowId?: string | undefined
  readonly localFilePath?: string | undefined
  /** Its row says that its file is to be had. */
  readonly isFetched: boolean
  readonly content?: StoredContent | undefined
  /** The row, or its content and with it all rows of that, is not to be shown. */
  readonly isRejected: boolean
}

/** The contents of media by their ids, in that order. The id of a merged row means its survivor. */
export async function mediaContents(sql: Sql, mediaIds: readonly string[]): Promise<MediaContent[]> {
  const found = await sql.query<
    StoredContentRow & {
      askedId: string
      rowId: string | null
      localFilePath: string | null
      isFetched: boolean
      isRejected: boolean
    }
  >(
    `WITH RECURSIVE asked AS (
       SELECT id, ordinal FROM unnest($1::text[]) WITH ORDINALITY AS a (id, ordinal)),
     trail AS (
       SELECT id AS asked_id, id, 0 AS depth FROM asked
       UNION ALL
       SELECT t.asked_id, g.survivor_id, t.depth + 1 FROM trail t
       JOIN mediakeep.merged_media g ON g.media_id = t.id
       WHERE t.depth < 16)
     SELECT DISTINCT ON (a.ordinal) a.id AS "askedId", m.media_id AS "rowId",
       m.local_file_path AS "localFilePath", coalesce(c.rejected_at IS NOT NULL OR m.fate = 'rejected', false) AS "isRejected",
       coalesce(m.fate = 'fetched', false) AS "isFetched", ${storedColumns('c')}
     FROM asked a JOIN trail t ON t.asked_id = a.id
     LEFT JOIN public.post_media m ON m.media_id = t.id
     LEFT JOIN mediakeep.contents c ON c.sha256_sum = m.sha256_sum
     ORDER BY a.ordinal, m.media_id IS NULL, t.depth`,
    [mediaIds],
  )
  return found.rows.map((row) => ({
    mediaId: row.askedId,
    rowId: row.rowId ?? undefined,
    localFilePath: row.localFilePath ?? undefined,
    isFetched: row.isFetched,
    isRejected: row.isRejected,
    content: (row.sha256 as string | null) === null ? undefined : toStoredContent(row),
  }))
}
