import type { Cache } from '@mediakeep/content'
import { type Lease, SUSPECT_DEATHS } from '@mediakeep/lease'
import {
  inspectQueue,
  storedColumns,
  type StoredContent,
  type StoredContentRow,
  toStoredContent,
} from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'

/** A content to inspect, under our lease. */
export interface Candidate {
  readonly lease: Lease
  readonly content: StoredContent
  /** Already rejected, with its file still in the cache. */
  readonly isRejected: boolean
  /** A person took back its rejection. */
  readonly isReleased: boolean
}

/** Claims contents for one pass. A content on which processes died is claimed alone, after all others. */
export interface CandidateClaims {
  next(): Promise<Candidate[]>
  /** Call when the work on it has ended. */
  end(candidate: Candidate): void
}

export interface CandidateClaimsOptions {
  readonly db: Sql
  readonly cache: Pick<Cache, 'id'>
  readonly concurrency: number
  readonly leaseSeconds: number
}

export function candidateClaims(options: CandidateClaimsOptions): CandidateClaims {
  const limit = Math.max(options.concurrency * 8, 32)
  let suspect: Candidate | undefined
  return {
    async next() {
      const candidates = await claim(options, limit, `q.inspect_deaths < ${SUSPECT_DEATHS}`)
      if (candidates.length > 0 || suspect !== undefined) return candidates
      // Fewest deaths first: if the process is at fault, none of them is parked for it.
      const isSuspect = `q.inspect_deaths >= ${SUSPECT_DEATHS}`
      const alone = await claim(options, 1, isSuspect, 'q.inspect_deaths, q.inspect_not_before')
      suspect = alone[0]
      return alone
    },
    end(candidate) {
      if (candidate === suspect) suspect = undefined
    },
  }
}

async function claim(
  { db, cache, leaseSeconds }: CandidateClaimsOptions,
  limit: number,
  where: string,
  order?: string,
): Promise<Candidate[]> {
  const claimed = await inspectQueue.claim<StoredContentRow & Pick<Candidate, 'isRejected' | 'isReleased'>>(
    db,
    {
      limit,
      leaseSeconds,
      where: `q.cache_id = $1 AND ${where}`,
      values: [cache.id],
      ...(order !== undefined && { order }),
      returning: `${storedColumns('q')}, q.rejected_at IS NOT NULL AS "isRejected",
      q.released_at IS NOT NULL AS "isReleased"`,
    },
  )
  return claimed.map((row) => ({
    lease: { id: row.id, token: row.token, attempt: row.attempt, deaths: row.deaths },
    content: toStoredContent(row),
    isRejected: row.isRejected,
    isReleased: row.isReleased,
  }))
}
