import type { MediaType } from '@mediakeep/content'
import type { Lease } from '@mediakeep/lease'
import { storableText, type Database } from '@mediakeep/sql'
import type { ConfiguredAnalyser } from './analysers.ts'
import { claimedRows, LEASE_COLUMNS, LEASE_FROM } from './claim-sql.ts'
import { logRest } from './project.ts'
import { analysisQueue, type AnalysisLease } from './queue.ts'
import { failAnalyses, type FailedAnalysis } from './settle.ts'

/** A part of the queue, as one of its indexes is sorted. */
interface Lane {
  readonly where: string
  readonly order: string
  readonly lanes?: { readonly levels: readonly number[]; readonly places: readonly number[] }
}

/** What came back, by when it is due. */
export const DUE: Lane = { where: 'q.analysis_not_before <= now()', order: 'q.analysis_not_before' }

/** A lease, and where it stood in the queue. */
export type Claimed = AnalysisLease & { readonly place: number; readonly priority: number }

/** Where a worker gets bytes from: its own cache, and an archive by the start of its URLs. */
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

type Found = Omit<Claimed, 'id' | 'token' | 'attempt' | 'mediaId'> & { readonly mediaId: string | null }

const MAX_WORKER = 200

/** Claims up to `limit` analyses of one analyser in one statement. */
export async function take(
  db: Database,
  { leaseSeconds, worker: given, mediaType, within }: TakeOptions,
  { name, version }: ConfiguredAnalyser,
  limit: number,
  { where, order, lanes }: Lane,
): Promise<Claimed[]> {
  const worker = storableText(given, MAX_WORKER)
  const started = logRest('ai_analysis_started', { analyser: name, version, worker, attempt: 0 })
  const values: unknown[] = [name, version, worker, started.replace(/0}}$/, '')]
  const place = (value: unknown): string => `$${values.push(value)}`
  const conditions = [`q.analyser = $1 AND q.analyser_version = $2 AND ${where}`, USABLE]
  // Rows whose number the planner knows: it would plan each claim anew for an array of unknown length.
  const lane = (level: number, n: number): string =>
    `(${place(level)}::smallint, ${place(lanes?.places[n])}::bigint)`
  if (mediaType) conditions.push(`q.media_type = ${place(mediaType)}`)
  if (within) {
    const [cacheId, prefix] = [place(within.cacheId), place(within.archivePrefix)]
    conditions.push(
      `(c.cache_id = ${cacheId}::uuid OR (c.archive_missing_since IS NULL AND starts_with(c.archive_url, ${prefix})))`,
    )
  }
  const found = await analysisQueue.claim<Found>(db, {
    limit,
    leaseSeconds,
    where: conditions.join(' AND '),
    order,
    ...(lanes && {
      lanes: `(VALUES ${lanes.levels.map(lane).join(', ')}) lane (priority, place)`,
    }),
    values,
    with: { join: 'JOIN mediakeep.contents c ON c.sha256_sum = q.sha256_sum', alias: 'c' },
    prepare: true,
    set: 'worker = $3',
    then: claimedRows('$4::text'),
    returning: LEASE_COLUMNS,
    from: LEASE_FROM,
  })
  const leases = found.flatMap(({ mediaId, ...lease }) => (mediaId === null ? [] : { ...lease, mediaId }))
  const orphans = found.filter((lease) => lease.mediaId === null)
  if (orphans.length > 0) await failAnalyses(db, orphans.map(toOrphanFailure))
  return leases
}

const USABLE = 'c.inspected_at IS NOT NULL AND c.rejected_at IS NULL'

const toOrphanFailure = ({ id, token }: Lease): FailedAnalysis => ({
  id,
  token,
  error: 'nothing shows this content any more',
  retryable: false,
})
