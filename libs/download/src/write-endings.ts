import { divertDownloads, endDownloads, nextCandidates, refuseFiles, resetCandidates } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import type { RowEnding } from './failure.ts'

/**
 * Ends attempts without a file. A row that has another source is given back for it, and does not fail: a file of an
 * export when its URL failed, its URL when its file gives no bytes, and the next rendition when both are at an end.
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
    const next = await nextCandidates(
      sql,
      final.filter(({ row }) => !diverted.has(row.id)),
    )
    const fates = await endDownloads(
      sql,
      endings.map((ending) =>
        diverted.has(ending.row.id) || next.has(ending.row.id)
          ? { row: ending.row, fate: 'waiting' }
          : ending,
      ),
    )
    await resetCandidates(
      sql,
      final.map(({ row }) => row.id).filter((id) => !diverted.has(id) && !next.has(id)),
    )
    return fates
  })
}

function isFinal({ fate, retrySeconds }: RowEnding): boolean {
  return fate !== 'waiting' && retrySeconds === undefined
}
