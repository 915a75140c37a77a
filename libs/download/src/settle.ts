import { shareAnalyses } from '@mediakeep/analysis'
import {
  endDownloads,
  endReadFiles,
  nextCandidates,
  resetCandidates,
  settleDownloads,
  type FetchedMedia,
} from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { flagPlaceholders } from './placeholders.ts'
import type { DownloadRow } from './queue.ts'

export interface Kept extends FetchedMedia {
  readonly row: DownloadRow
  /** Other rows already showed this content. */
  readonly isKnown: boolean
  /** Why the bytes are not kept. */
  readonly rejectedReason?: string | undefined
}

/**
 * Ends attempts whose file is in the cache, flags contents that look like placeholders, and shares analyses of known
 * contents. A row whose bytes are refused waits for its next rendition, if it has one.
 *
 * @returns the fate of each row, or undefined if the lease was lost and nothing was written
 */
export function settleKept(
  db: Database,
  cacheId: string,
  kept: readonly Kept[],
): Promise<('fetched' | 'rejected' | undefined)[]> {
  return db.transaction(async (sql) => {
    const rejected = kept.flatMap(({ row, rejectedReason: reason }) =>
      reason === undefined || row.file ? [] : [{ row, reason }],
    )
    const next = await nextCandidates(sql, rejected)
    const givenBack = rejected.filter(({ row }) => next.has(row.id))
    await endDownloads(
      sql,
      givenBack.map(({ row }) => ({ row, fate: 'waiting' })),
    )
    const fates = await settleDownloads(
      sql,
      cacheId,
      kept.filter(({ row }) => !next.has(row.id)),
    )
    await resetCandidates(
      sql,
      rejected.map(({ row }) => row.id),
    )
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
