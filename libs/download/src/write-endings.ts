import { divertDownloads, endDownloads, refuseFiles } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import type { RowEnding } from './failure.ts'

/**
 * Ends attempts without a file. A row that has another source is given back for it, and does not fail: a file of an
 * export when its URL failed, its URL when its file gives no bytes.
 *
 * @returns the current fate of each row, or undefined if the lease was lost and nothing was written
 */
export async function writeEndings(
  db: Database,
  endings: readonly RowEnding[],
): Promise<(string | undefined)[]> {
  const final = endings.filter(isFinal)
  if (final.length === 0) return endDownloads(db, endings)
  return db.transaction(async (sql) => {
    await refuseFiles(
      sql,
      final.flatMap(({ row: { id, file }, reason = '', keepsFile }) =>
        file?.exportId === undefined || keepsFile ? [] : [{ mediaId: id, exportId: file.exportId, reason }],
      ),
    )
    const diverted = await divertDownloads(
      sql,
      final.map(({ row }) => ({ row, urlHost: row.file?.urlHost })),
    )
    return endDownloads(
      sql,
      endings.map((ending) => (diverted.has(ending.row.id) ? { row: ending.row, fate: 'waiting' } : ending)),
    )
  })
}

function isFinal({ fate, retrySeconds }: RowEnding): boolean {
  return fate !== 'waiting' && retrySeconds === undefined
}
