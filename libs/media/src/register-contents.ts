import type { Sql } from '@mediakeep/sql'
import type { Content, MediaType } from '@mediakeep/content'

interface ContentRow {
  readonly sha256_sum: string
  readonly md5_sum: string
  readonly name: string
  readonly byte_size: number
  readonly media_type: MediaType
  readonly mime_type: string
  readonly extension: string
  readonly width: number | null
  readonly height: number | null
  readonly duration_ms: number | null
}

/** A content to register. */
export interface NewContent extends Omit<Content, 'name'> {
  /** Its bytes were already decoded, so it needs no inspection. */
  readonly isInspected?: boolean | undefined
  /** Why the bytes are refused: a new content is registered as rejected. A known one keeps its verdict. */
  readonly rejectedReason?: string | undefined
}

const COLUMNS =
  'c.sha256_sum, c.md5_sum, c.name, c.byte_size, c.media_type, c.mime_type, c.extension, c.width, c.height, c.duration_ms'

/**
 * Registers contents and assigns their names. A unique constraint decides, across all processes, which of several
 * contents with one MD5 gets the plain MD5; the others are named `{md5}-{sha256}`.
 *
 * @returns the contents by SHA-256, as stored in the database: a known one keeps its name and facts
 */
export async function registerContents(
  sql: Sql,
  contents: readonly NewContent[],
): Promise<Map<string, Content>> {
  if (contents.length === 0) return new Map()
  const distinct = new Map(contents.map((content) => [content.sha256, content]))
  // All writers use one order, so that two that register the same contents wait for each other and never deadlock.
  const sorted = [...distinct.values()].sort((a, b) => compare(a.md5, b.md5) || compare(a.sha256, b.sha256))
  await insert(sql, sorted, (content) => content.md5)
  const known = await findContents(sql, [...distinct.keys()])
  const unnamed = sorted.filter((content) => !known.has(content.sha256))
  if (unnamed.length === 0) return known
  await insert(sql, unnamed, (content) => `${content.md5}-${content.sha256}`)
  return findContents(sql, [...distinct.keys()])
}

/** @returns the known contents, by SHA-256 */
export async function findContents(sql: Sql, sha256s: readonly string[]): Promise<Map<string, Content>> {
  const found = await sql.query<ContentRow>(
    `SELECT ${COLUMNS} FROM mediakeep.contents c WHERE c.sha256_sum = ANY($1::text[])`,
    [sha256s],
    { prepare: true },
  )
  return new Map(found.rows.map((row) => [row.sha256_sum, toContent(row)]))
}

async function insert(
  sql: Sql,
  contents: readonly NewContent[],
  nameOf: (content: NewContent) => string,
): Promise<void> {
  const column = <Value>(value: (content: NewContent) => Value): Value[] => contents.map(value)
  await sql.query(
    `INSERT INTO mediakeep.contents
       (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, width, height, duration_ms,
        inspected_at, rejected_at, rejected_reason)
     SELECT d.sha256, d.md5, d.name, d.bytes, d.type, d.mime, d.extension, d.width, d.height, d.duration,
       CASE WHEN d.inspected THEN now() END, CASE WHEN d.rejection IS NOT NULL THEN now() END, d.rejection
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::int[],
       $9::int[], $10::bigint[], $11::boolean[], $12::text[])
       AS d (sha256, md5, name, bytes, type, mime, extension, width, height, duration, inspected, rejection)
     ON CONFLICT DO NOTHING`,
    [
      column((content) => content.sha256),
      column((content) => content.md5),
      column(nameOf),
      column((content) => content.byteSize),
      column((content) => content.mediaType),
      column((content) => content.mimeType),
      column((content) => content.extension),
      column((content) => content.width ?? null),
      column((content) => content.height ?? null),
      column((content) => (content.durationMs === undefined ? null : Math.round(content.durationMs))),
      column((content) => content.isInspected ?? false),
      column((content) => content.rejectedReason ?? null),
    ],
    { prepare: true },
  )
}

function toContent(row: ContentRow): Content {
  return {
    sha256: row.sha256_sum,
    md5: row.md5_sum,
    name: row.name,
    byteSize: row.byte_size,
    mediaType: row.media_type,
    mimeType: row.mime_type,
    extension: row.extension,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    durationMs: row.duration_ms ?? undefined,
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
