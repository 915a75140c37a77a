import { type Conditions, parameters, type Sql } from '@mediakeep/sql'
import { InvalidArgumentError, Option, type Command } from 'commander'

/** The media that a command works on; an empty selection means all. */
export interface Selection {
  readonly postId?: string | undefined
  readonly mediaId?: string | undefined
  /** Only posts published at this time or later. */
  readonly startDate?: Date | undefined
  readonly limit?: number | undefined
}

/** Adds the four options that every selection takes. */
export function withSelection(command: Command): Command {
  return command
    .addOption(new Option('--post-id <id>', 'only media of this post'))
    .addOption(new Option('--media-id <id>', 'only this media item'))
    .addOption(
      new Option('--start-date <date>', 'only posts published on or after this date').argParser(parseDate),
    )
    .addOption(new Option('--limit <n>', 'at most this many').argParser(parseCount))
}

function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError('Expected a whole number above 0.')
  return count
}

export function parseWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text)
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
    return value
  }
}

export function parseDate(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Expected a date, such as 2026-10-01.')
  return date
}

/** Yields ids of the selected media that meet the conditions (SQL over `m`), oldest first, by page. */
export async function* selectMedia(
  sql: Sql,
  selection: Selection,
  conditions: string | Conditions = 'true',
  pageSize = 1000,
): AsyncGenerator<string[]> {
  let after = ''
  let left = selection.limit ?? Infinity
  while (left > 0) {
    const { values, bind } = parameters()
    const where = [
      `m.media_id > ${bind(after)}`,
      ...(selection.postId === undefined ? [] : [`m.post_id = ${bind(selection.postId)}`]),
      ...(selection.mediaId === undefined ? [] : [`m.media_id = ${bind(selection.mediaId)}`]),
      ...(selection.startDate === undefined
        ? []
        : [`m.posted_at >= ${bind(selection.startDate)}::timestamptz`]),
      ...(typeof conditions === 'string' ? [`(${conditions})`] : conditions(bind)),
    ]
    const page = await sql.query<{ id: string }>(
      `SELECT m.media_id AS id FROM public.post_media m WHERE ${where.join(' AND ')}
       ORDER BY m.media_id LIMIT ${bind(Math.min(pageSize, left))}`,
      values,
    )
    if (page.rows.length === 0) return
    const ids = page.rows.map((row) => row.id)
    after = ids.at(-1)!
    left -= ids.length
    yield ids
  }
}
