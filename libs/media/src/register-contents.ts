import type { Sql } from '@mediakeep/sql'
import type { Content } from '@mediakeep/content'
import { selectContents, insertContents } from './register-contents.sql.ts'

/** A content to register. */
export interface NewContent extends Omit<Content, 'name'> {
  /** Its bytes were already decoded, so it needs no inspection. */
  readonly isInspected?: boolean | undefined
  /** Why the bytes are refused: a new content is registered as rejected. A known one keeps its verdict. */
  readonly rejectedReason?: string | undefined
}

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
  const found = await selectContents(sql, [sha256s], { prepare: true })
  return new Map(found.rows.map((row) => [row.sha256_sum, toContent(row)]))
}

async function insert(
  sql: Sql,
  contents: readonly NewContent[],
  nameOf: (content: NewContent) => string,
): Promise<void> {
  const column = <Value>(value: (content: NewContent) => Value): Value[] => contents.map(value)
  await insertContents(
    sql,
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

type ContentRow = Awaited<ReturnType<typeof selectContents>>['rows'][number]

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
