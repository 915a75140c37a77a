import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { Stage } from '@mediakeep/lease'
import { unarchived } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { runStages } from '@mediakeep/worker'
import type { Output } from './output.ts'
import { StageFailures } from './stage-failures.ts'
import { selectRunStatus } from './settle-media.sql.ts'

/** Media of one import run, or those of a list. */
export type MediaScope = { readonly runId: string } | { readonly mediaIds: readonly string[] }

/** The database, and the cache of this machine: files that only another machine's cache holds are not waited for. */
interface Place {
  readonly db: Sql
  readonly cache: { readonly id: string }
}

/**
 * Runs stages until nothing in the scope waits any more: fetched, inspected and archived, or with a fate of its own.
 * Work to be retried later is left to a worker. Stages that are blocked until a person acts are not waited for.
 *
 * @returns a line for each such stage that left work undone
 */
export async function settleMedia(
  place: Place,
  stages: readonly Stage[],
  scope: MediaScope,
  signal: AbortSignal,
  output: Output,
): Promise<readonly string[]> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const failures = new StageFailures(output)
  const log = pino({ level: 'silent' })
  const running = runStages(stages, either, { log, idleMs: 100, progress: failures })
  try {
    return await untilSettled({ place, scope, failures }, signal, output)
  } finally {
    stop.abort()
    await running
  }
}

/**
 * Waits, while stages run elsewhere, for an import run and all its media to settle.
 *
 * @param failures failures of the running stages
 * @returns a line for each stage that left work undone
 */
export async function settleRun(
  place: Place,
  runId: string,
  failures: StageFailures,
  signal: AbortSignal,
  output: Output,
): Promise<readonly string[]> {
  while (!signal.aborted) {
    const run = await selectRunStatus(place.db, [runId])
    if (run.rows[0]?.status !== 'running') break
    await pause(signal)
  }
  return untilSettled({ place, scope: { runId }, failures }, signal, output)
}

interface Settling {
  readonly place: Place
  readonly scope: MediaScope
  readonly failures: StageFailures
}

async function untilSettled(
  { place, scope, failures }: Settling,
  signal: AbortSignal,
  output: Output,
): Promise<readonly string[]> {
  const progress = output.progress('media')
  let undone: readonly Undone[] = []
  for (let open = Infinity; open > 0 && !signal.aborted;) {
    const counts = await countMedia(place, scope)
    const steps = openSteps(counts)
    undone = steps.flatMap(({ stage, count, what }) => {
      const reason = failures.blocked(stage)
      return reason === undefined || count === 0 ? [] : [{ stage, count, what, reason }]
    })
    const blocked = new Set(undone.map(({ stage }) => stage))
    open = steps.reduce((sum, { stage, count }) => sum + (blocked.has(stage) ? 0 : count), 0)
    const left = `${counts.waiting} to fetch, ${counts.uninspected} to inspect, ${counts.unarchived} to archive`
    progress.update(counts.settled, counts.total, `settled, ${left}`)
    if (open > 0) await pause(signal)
  }
  progress.stop()
  return undone.map(({ count, what, reason }) => `${count} media are ${what}: ${reason}`)
}

interface Step {
  readonly stage: string
  readonly count: number
  readonly what: string
}

interface Undone extends Step {
  readonly reason: string
}

function openSteps({ waiting, uninspected, unarchived }: Counts): readonly Step[] {
  return [
    { stage: 'download', count: waiting, what: 'not fetched' },
    { stage: 'inspect', count: uninspected, what: 'fetched and not inspected' },
    { stage: 'archive', count: unarchived, what: 'fetched and not archived' },
  ]
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(200, undefined, { signal }).catch(() => undefined)
}

interface Counts {
  readonly total: number
  /** Media with nothing left to do. Not the total minus the others: a file may wait for two stages at once. */
  readonly settled: number
  readonly waiting: number
  readonly uninspected: number
  readonly unarchived: number
}

/** Counts work that can be claimed now as open, but not work that is postponed. */
export async function countMedia({ db, cache }: Place, scope: MediaScope): Promise<Counts> {
  const chosen =
    'runId' in scope
      ? 'm.post_id IN (SELECT d.post_id FROM public.data_downloads d WHERE d.run_id = $1)'
      : 'm.media_id = ANY($1)'
  const counted = await db.query<Counts>(
    `SELECT count(*) AS total,
       count(*) FILTER (WHERE NOT s.waiting AND NOT s.uninspected AND NOT s.unarchived) AS settled,
       count(*) FILTER (WHERE s.waiting) AS waiting,
       count(*) FILTER (WHERE s.uninspected) AS uninspected,
       count(*) FILTER (WHERE s.unarchived) AS unarchived
     FROM public.post_media m LEFT JOIN mediakeep.contents c USING (sha256_sum)
     CROSS JOIN LATERAL (SELECT
       m.fate = 'waiting' AND m.source_key IS NOT NULL
         AND (m.download_not_before IS NULL OR m.download_not_before <= now())
         AND NOT EXISTS (SELECT FROM mediakeep.download_hosts h
           WHERE h.host = m.source_host AND h.not_before > now()) AS waiting,
       coalesce(c.inspected_at IS NULL AND c.cache_id = $2
         AND (c.inspect_not_before IS NULL OR c.inspect_not_before <= now()), false) AS uninspected,
       coalesce(m.fate = 'fetched' AND c.inspected_at IS NOT NULL AND ${unarchived('c')}
         AND c.cache_id = $2 AND c.archive_not_before <= now(), false) AS unarchived) s
     WHERE ${chosen}`,
    ['runId' in scope ? scope.runId : scope.mediaIds, cache.id],
  )
  return counted.rows[0]!
}
