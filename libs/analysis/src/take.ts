import { randomUUID } from 'node:crypto'
import type { MediaType } from '@mediakeep/content'
import { storableText, type Database } from '@mediakeep/sql'
import type { ConfiguredAnalyser } from './analysers.ts'
import { claimStatement } from './claim-sql.ts'
import { logRest } from './project.ts'
import type { AnalysisLease, LeaseKey } from './queue.ts'
import { failAnalyses, type FailedAnalysis } from './settle.ts'

/** A part of the queue, in the order of one of its indexes. */
interface Lane {
  readonly where: string
  readonly order: string
  readonly lanes?: { readonly levels: readonly number[]; readonly places: readonly number[] }
}

/** Returned analyses that are due, in that order. */
export const DUE: Lane = { where: 'q.analysis_not_before <= now()', order: 'q.analysis_not_before' }

/** A lease, and its place in the queue. */
export type Claimed = AnalysisLease & { readonly place: number; readonly priority: number }

/** Sources of bytes for a worker: its own cache, and an archive identified by its URL prefix. */
export interface Reach {
  readonly cacheId: string
  readonly archivePrefix: string
}

interface TakeOptions {
  readonly leaseSeconds: number
  readonly worker: string
  readonly mediaType?: MediaType | undefined
  readonly within?: Reach | undefined
}

type Found = Omit<Claimed, 'token' | 'mediaId'> & { readonly mediaId: string | null }

const MAX_WORKER = 200

/** Claims up to `limit` analyses of one analyser in one statement. */
export async function take(
  db: Database,
  { leaseSeconds, worker: given, mediaType, within }: TakeOptions,
  { name, version }: ConfiguredAnalyser,
  limit: number,
  { where, order, lanes }: Lane,
): Promise<Claimed[]> {
  const token = randomUUID()
  const values: unknown[] = []
  const number = (value: unknown): number => values.push(value)
  const place = (value: unknown): string => `$${number(value)}`
  const worker = storableText(given, MAX_WORKER)
  const started = logRest('ai_analysis_started', { analyser: name, version, worker, attempt: 0 })
  const conditions = [
    `q.analyser = ${place(name)} AND q.analyser_version = ${place(version)} AND ${where} AND ${USABLE}`,
  ]
  if (mediaType) conditions.push(`q.media_type = ${place(mediaType)}`)
  if (within) {
    const [cacheId, prefix] = [place(within.cacheId), place(within.archivePrefix)]
    conditions.push(
      `(c.cache_id = ${cacheId}::uuid OR (c.archive_missing_since IS NULL AND starts_with(c.archive_url, ${prefix})))`,
    )
  }
  // VALUES gives the planner a known row count: with an array of unknown length it would replan every claim.
  const lane = (level: number, n: number): string =>
    `(${place(level)}::smallint, ${place(lanes?.places[n])}::bigint)`
  const statement = claimStatement({
    where: conditions.join(' AND '),
    order,
    lanes: lanes && `(VALUES ${lanes.levels.map(lane).join(', ')}) lane (priority, place)`,
    parameters: {
      worker: number(worker),
      started: number(started.replace(/0}}$/, '')),
      limit: number(limit),
      leaseSeconds: number(leaseSeconds),
      token: number(token),
    },
  })
  const { rows } = await db.query<Found>(statement, values, { prepare: true })
  const found = rows.map((row) => ({ ...row, token }))
  const leases = found.flatMap(({ mediaId, ...lease }) => (mediaId === null ? [] : { ...lease, mediaId }))
  const orphans = found.filter((lease) => lease.mediaId === null)
  if (orphans.length > 0) await failAnalyses(db, orphans.map(toOrphanFailure))
  return leases
}

const USABLE = 'c.inspected_at IS NOT NULL AND c.rejected_at IS NULL'

const toOrphanFailure = ({ id, token }: LeaseKey): FailedAnalysis => ({
  id,
  token,
  error: 'nothing shows this content any more',
  retryable: false,
})
