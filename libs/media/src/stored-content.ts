import type { Content, MediaType } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { selectMediaContents } from './stored-content.sql.ts'

/** A content and the locations of its bytes. */
export interface StoredContent extends Content {
  /** The cache that has, or had, the bytes to archive. */
  readonly cacheId?: string | undefined
  /** URL at which the archive has it, or was last seen to have it. */
  readonly archiveUrl?: string | undefined
  /** The archive was checked and did not have it complete. */
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

/** SQL: the columns of a `StoredContentRow`, for an alias of `mediakeep.contents`. */
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

/** A requested media row, and its content if it has one. */
export interface MediaContent {
  /** The requested id, even if that row has since been merged into another. */
  readonly mediaId: string
  /** The current row for that id; undefined when there is none. */
  readonly rowId?: string | undefined
  readonly localFilePath?: string | undefined
  /** Its row says that its file is available. */
  readonly isFetched: boolean
  readonly content?: StoredContent | undefined
  /** The row, or its content with all of its rows, must not be shown. */
  readonly isRejected: boolean
}

/** The contents of media, in the order of the given ids. The id of a merged row refers to its survivor. */
export async function mediaContents(sql: Sql, mediaIds: readonly string[]): Promise<MediaContent[]> {
  const found = await selectMediaContents(sql, [mediaIds])
  return found.rows.map((row) => ({
    mediaId: row.askedId,
    rowId: row.rowId ?? undefined,
    localFilePath: row.localFilePath ?? undefined,
    isFetched: row.isFetched,
    isRejected: row.isRejected,
    content: (row.sha256 as string | null) === null ? undefined : toStoredContent(row),
  }))
}
