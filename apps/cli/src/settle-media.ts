import { setTimeout as sleep } from 'node:timers/promises'
import { unarchived } from '@mediakeep/content'
import type { Stage } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { runStages } from '@mediakeep/worker'
import { pino } from 'pino'
import type { Output } from './output.ts'

/** Media of one import run, or those of a list. */
export type MediaScope = { readonly runId: string } | { readonly mediaIds: readonly string[] }

/** Where the work stands, and the cache that does it: what only another machine's holds is not waited for. */
interface Place {
  readonly db: Sql
  readonly cache: { readonly id: string }
}

/**
 * Runs stages until nothing of the scope waits any more: fetched, inspected and archived, or with a fate of its own. What
 * is to be retried later is left to a worker.
 */
export async function settleMedia(
  place: Place,
  stages: readonly Stage[],
  scope: MediaScope,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const running = runStages(stages, either, { log: pino({ level: 'silent' }), idleMs: 100 })
  try {
    await untilSettled(place, scope, signal, output)
  } finally {
    stop.abort()
    await running
  }
}

/** Waits, while stages run elsewhere, for an import run and all its media. */
export async function settleRun(
  place: Place,
  runId: string,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  while (!signal.aborted) {
    const run = await place.db.query<{ status: string }>(
      `SELECT status FROM public.download_runs WHERE run_id = $1`,
      [runId],
    )
    if (run.rows[0]?.status !== 'running') break
    await pause(signal)
  }
  await untilSettled(place, { runId }, signal, output)
}

async function untilSettled(
  place: Place,
  scope: MediaScope,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const progress = output.progress('media')
  for (let open = Infinity; open > 0 && !signal.aborted;) {
    const { total, waiting, uninspected, unarchived } = await count(place, scope)
    open = waiting + uninspected + unarchived
    const left = `${waiting} to fetch, ${uninspected} to inspect, ${unarchived} to archive`
    progress.update(total - open, total, `settled, ${left}`)
    if (open > 0) await pause(signal)
  }
  progress.stop()
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(200, undefined, { signal }).catch(() => undefined)
}

interface Counts {
  readonly total: number
  readonly waiting: number
  readonly uninspected: number
  readonly unarchived: number
}

/** What is claimable now counts as open; what rests until later does not. */
async function count({ db, cache }: Place, scope: MediaScope): Promise<Counts> {
  const chosen =
    'runId' in scope
      ? 'm.post_id IN (SELECT d.post_id FROM public.data_downloads d WHERE d.run_id = $1)'
      : 'm.media_id = ANY($1)'
  const counted = await db.query<Counts>(
    `SELECT count(*) AS total,
       count(*) FILTER (WHERE m.fate = 'waiting' AND m.source_key IS NOT NULL
         AND (m.download_not_before IS NULL OR m.download_not_before <= now())
         AND NOT EXISTS (SELECT FROM mediakeep.download_hosts h
           WHERE h.host = m.source_host AND h.not_before > now())) AS waiting,
       count(*) FILTER (WHERE c.inspected_at IS NULL AND c.cache_id = $2
         AND (c.inspect_not_before IS NULL OR c.inspect_not_before <= now())) AS uninspected,
       count(*) FILTER (WHERE m.fate = 'fetched' AND c.inspected_at IS NOT NULL AND ${unarchived('c')}
         AND c.cache_id = $2 AND c.archive_not_before <= now()) AS unarchived
     FROM public.post_media m LEFT JOIN mediakeep.contents c USING (sha256_sum) WHERE ${chosen}`,
    ['runId' in scope ? scope.runId : scope.mediaIds, cache.id],
  )
  return counted.rows[0]!
}
