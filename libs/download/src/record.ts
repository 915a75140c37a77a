import { cachePath, type Content } from '@mediakeep/content'
import { heldBy } from '@mediakeep/lease'
import { type NewContent, registerContents } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import type { DownloadRow } from './queue.ts'
import { lockHeldRows, updateRows } from './record.sql.ts'

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
    const held = await lockHeldRows(sql, heldBy(found.map((one) => one.row)), PREPARED)
    const ids = new Set(held.rows.map((row) => row.media_id))
    const mine = found.filter((one) => ids.has(one.row.id))
    if (mine.length === 0) return found.map(() => undefined)
    const contents = await registerContents(
      sql,
      mine.map((one) => one.content),
    )
    const known = mine.map((one) => contents.get(one.content.sha256)!)
    const written = await updateRows(
      sql,
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
