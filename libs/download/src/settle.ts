import { shareAnalyses } from '@mediakeep/analysis'
import { endReadFiles, settleDownloads, type FetchedMedia } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { flagPlaceholders } from './placeholders.ts'
import type { DownloadRow } from './queue.ts'

export interface Kept extends FetchedMedia {
  readonly row: DownloadRow
  /** Other rows already showed this content. */
  readonly isKnown: boolean
}

/**
 * Ends attempts whose file is in the cache, flags contents that look like placeholders, and shares analyses of known
 * contents.
 *
 * @returns the fate of each row, or undefined if the lease was lost and nothing was written
 */
export function settleKept(
  db: Database,
  cacheId: string,
  kept: readonly Kept[],
): Promise<('fetched' | 'rejected' | undefined)[]> {
  return db.transaction(async (sql) => {
    const fates = await settleDownloads(sql, cacheId, kept)
    await endReadFiles(
      sql,
      kept.flatMap(({ row: { id, file } }) =>
        file?.exportId !== undefined && fates.has(id)
          ? [{ mediaId: id, exportId: file.exportId, urlHost: file.urlHost }]
          : [],
      ),
    )
    await flagPlaceholders(sql, repeated(kept))
    await shareAnalyses(sql, {
      mediaIds: kept.filter((one) => one.isKnown).map((one) => one.row.id),
    })
    return kept.map((one) => fates.get(one.row.id))
  })
}

/** Contents that more than one row shows; a new one cannot be a placeholder yet. */
function repeated(kept: readonly Kept[]): string[] {
  const seen = new Set<string>()
  const repeated = kept.filter(({ sha256, isKnown }) => isKnown || seen.size === seen.add(sha256).size)
  return [...new Set(repeated.map((one) => one.sha256))]
}
