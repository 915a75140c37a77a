import type { Sql } from '@mediakeep/sql'
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

function parseDate(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Expected a date, such as 2026-10-01.')
  return date
}

/** Yields ids of the selected media, oldest first, by page; `condition` is SQL over `m`, with values from $6 on. */
export async function* selectMedia(
  sql: Sql,
  selection: Selection,
  condition = 'true',
  pageSize = 1000,
  values: readonly unknown[] = [],
): AsyncGenerator<string[]> {
  let after = ''
  let left = selection.limit ?? Infinity
  while (left > 0) {
    const page = await sql.query<{ id: string }>(
      `SELECT m.media_id AS id FROM public.post_media m
       WHERE m.media_id > $1 AND ($2::text IS NULL OR m.post_id = $2) AND ($3::text IS NULL OR m.media_id = $3)
         AND ($4::timestamptz IS NULL OR m.posted_at >= $4) AND (${condition})
       ORDER BY m.media_id LIMIT $5`,
      [
        after,
        selection.postId ?? null,
        selection.mediaId ?? null,
        selection.startDate ?? null,
        Math.min(pageSize, left),
        ...values,
      ],
    )
    if (page.rows.length === 0) return
    const ids = page.rows.map((row) => row.id)
    after = ids.at(-1)!
    left -= ids.length
    yield ids
  }
}
