import type { SourcePost } from '@mediakeep/plugin-api'

/** Something unusual about a post that is stored all the same. */
export interface PostFinding {
  /** The time in the post's id differs from the time that the export states. */
  readonly code: 'id_time_differs'
  /** Unix time in milliseconds. */
  readonly statedAt: number
  /** Unix time in milliseconds. */
  readonly idTime: number
}

/** Ids are made shortly before the post appears, and some exports round times to a minute. */
const TOLERANCE_MS = 60_000

/** Returns what is unusual about a post. Never a reason to reject it: times in exports are often wrong by hours. */
export function postFindings({
  postedAt,
  idTime,
}: Pick<SourcePost, 'postedAt' | 'idTime'>): readonly PostFinding[] {
  if (typeof idTime !== 'number' || Math.abs(postedAt - idTime) <= TOLERANCE_MS) return []
  return [{ code: 'id_time_differs', statedAt: postedAt, idTime }]
}
