/** Known facts about a row that may have duplicates. */
export interface Member {
  readonly mediaId: string
  readonly url: string
  readonly sourceKey: string | null
  readonly fate: string
  /** A person decided its fate. */
  readonly isJudged: boolean
  readonly isChecksummed: boolean
  readonly isLocal: boolean
  readonly isArchived: boolean
  readonly isAnalysed: boolean | null
  /** As printed by PostgreSQL, all in one time zone. */
  readonly createdAt: string | null
}

/**
 * Chooses which row for one picture of one post survives: one that a person judged, since no program can repeat that;
 * then the one with the most work done, costliest first; then one with its key (its fate was decided); then the oldest.
 */
export function chooseSurvivor<Row extends Member>(rows: readonly Row[]): Row {
  return rows.toSorted(
    (a, b) =>
      Number(b.isJudged) - Number(a.isJudged) ||
      Number(isFetched(b)) - Number(isFetched(a)) ||
      Number(b.isLocal) - Number(a.isLocal) ||
      Number(b.isArchived) - Number(a.isArchived) ||
      Number(b.isAnalysed ?? false) - Number(a.isAnalysed ?? false) ||
      Number(b.sourceKey !== null) - Number(a.sourceKey !== null) ||
      compare(a.createdAt ?? '9999', b.createdAt ?? '9999') ||
      compare(a.mediaId, b.mediaId),
  )[0]!
}

const isFetched = (row: Member): boolean =>
  row.fate === 'fetched' || (row.isChecksummed && (row.isLocal || row.isArchived))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
