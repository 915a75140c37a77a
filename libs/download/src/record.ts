import { cachePath, type Content } from '@mediakeep/content'
import { heldBy } from '@mediakeep/lease'
import { heldWaiting, type NewContent, registerContents } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import type { DownloadRow } from './queue.ts'

export interface Found {
  readonly row: DownloadRow
  readonly content: NewContent
}

export interface Recorded {
  readonly content: Content
  /** It was found not to be media, or judged a placeholder: it is not kept. */
  readonly isRejected: boolean
  /** Other rows already show it. */
  readonly isKnown: boolean
}

const PREPARED = { prepare: true }

/**
 * Registers contents and records in each row its content and the path of its file: before the file is
 * stored, so that if the process dies, the row still leads to the file.
 *
 * @returns undefined for rows whose lease was lost; those are not written
 */
export function recordContents(db: Database, found: readonly Found[]): Promise<(Recorded | undefined)[]> {
  return db.transaction(async (sql) => {
    const held = await sql.query<{ media_id: string }>(
      `SELECT q.media_id FROM public.post_media q WHERE ${heldWaiting(1)}
       ORDER BY q.media_id FOR UPDATE`,
      heldBy(found.map((one) => one.row)),
      PREPARED,
    )
    const ids = new Set(held.rows.map((row) => row.media_id))
    const mine = found.filter((one) => ids.has(one.row.id))
    if (mine.length === 0) return found.map(() => undefined)
    const contents = await registerContents(
      sql,
      mine.map((one) => one.content),
    )
    const known = mine.map((one) => contents.get(one.content.sha256)!)
    const written = await sql.query<{ media_id: string; is_rejected: boolean; is_known: boolean }>(
      `UPDATE public.post_media q SET md5_sum = c.md5_sum, sha256_sum = c.sha256_sum, byte_size = c.byte_size,
         local_file_path = CASE WHEN c.rejected_at IS NULL THEN d.path ELSE q.local_file_path END
       FROM unnest($1::text[], $2::text[], $3::text[]) AS d (media_id, sha256, path)
       JOIN mediakeep.contents c ON c.sha256_sum = d.sha256
       WHERE q.media_id = d.media_id
       RETURNING q.media_id, c.rejected_at IS NOT NULL AS is_rejected, c.created_at < now() AS is_known`,
      [mine.map((one) => one.row.id), known.map((content) => content.sha256), known.map(cachePath)],
      PREPARED,
    )
    const rows = new Map(written.rows.map((row) => [row.media_id, row]))
    return found.map(({ row, content }) => {
      const now = rows.get(row.id)
      return (
        now && { content: contents.get(content.sha256)!, isRejected: now.is_rejected, isKnown: now.is_known }
      )
    })
  })
}
