import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_DEATHS, type Lease } from '@mediakeep/lease'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { isTransient, type Database } from '@mediakeep/sql'
import { backfillPosts } from './backfill-posts.ts'
import { importFiles } from './import-files.ts'
import { importQueue, LeaseLostError } from './queue.ts'
import { finishRun } from './run-state.ts'
import { readRunProgress, type RunProgress } from './run-summary.ts'
import { withRetries } from './store-safely.ts'

export interface RunOptions {
  readonly runId: string
  readonly formats: readonly SourceFormat[]
  /** The machine that performs it, which has the files; default: as the run says. */
  readonly machine?: string | undefined
  /** A lease the caller already holds; without one, the run is claimed. */
  readonly lease?: Lease | undefined
  /** Seconds until another process may resume a dead process's run. Default 30. */
  readonly leaseSeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}

/** No run has that id. */
export class UnknownRunError extends Error {
  override readonly name = 'UnknownRunError'
  readonly code = 'unknown_run'
}

/** Consecutive attempts that failed without any progress in between; outages of the database do not count. */
const MAX_ATTEMPTS = 5
const POLL_MS = 500

/**
 * Performs a run to its end, from its current position. If another process is performing it, waits for that one and
 * takes over if it dies.
 *
 * @returns how the run ended; an unreadable file makes it `failed`
 * @throws UnknownRunError, the signal's reason, or the error of a database that stays away
 */
export async function runImport(db: Database, options: RunOptions): Promise<RunProgress> {
  const { runId, signal, onProgress } = options
  for (let { lease } = options; ; lease = undefined) {
    lease ??= await withRetries(() => claim(db, options), signal)
    if (lease) await perform(db, lease, options).catch(ignoreLostLease)
    const progress = await withRetries(() => readRunProgress(db, runId), signal)
    if (!progress) throw new UnknownRunError(`There is no run ${runId}`)
    onProgress?.(progress)
    if (progress.status !== 'running') return progress
    await sleep(POLL_MS, undefined, signal && { signal })
  }
}

async function claim(db: Database, { runId, leaseSeconds = 30 }: RunOptions): Promise<Lease | undefined> {
  const [lease] = await importQueue.claim(db, {
    limit: 1,
    leaseSeconds,
    where: 'q.run_id = $1',
    values: [runId],
  })
  return lease
}

function ignoreLostLease(error: unknown): void {
  if (!(error instanceof LeaseLostError)) throw error
}

async function perform(db: Database, lease: Lease, options: RunOptions): Promise<void> {
  const heart = beat(db, lease, options.leaseSeconds ?? 30)
  const signal = AbortSignal.any([heart.lost, ...(options.signal ? [options.signal] : [])])
  try {
    if (lease.deaths >= MAX_DEATHS) await park(db, lease)
    else {
      await work(db, lease, { ...options, signal })
      await withRetries(() => finishRun(db, lease))
    }
  } catch (error) {
    await giveBack(db, lease, error, options.signal?.aborted === true).catch(() => undefined)
    throw error
  } finally {
    heart.stop()
  }
}

async function work(
  db: Database,
  lease: Lease,
  options: RunOptions & { signal: AbortSignal },
): Promise<void> {
  const { rows } = await withRetries(
    () => db.query<{ kind: string }>('SELECT kind FROM mediakeep.import_runs WHERE run_id = $1', [lease.id]),
    options.signal,
  )
  const perKind = rows[0]?.kind === 'backfill' ? backfillPosts : importFiles
  const { onProgress } = options
  let told = 0
  await perKind(db, lease, {
    formats: options.formats,
    machine: options.machine,
    signal: options.signal,
    async onStored() {
      if (!onProgress || performance.now() - told < 250) return
      told = performance.now()
      const progress = await withRetries(() => readRunProgress(db, lease.id), options.signal)
      if (progress) onProgress(progress)
    },
  })
}

/** The process died repeatedly on the same posts, which may be the cause. Earlier imported posts stay. */
async function park(db: Database, lease: Lease): Promise<void> {
  const { rows } = await db.query<{ file: string | null; post: number }>(
    'SELECT files[next_file + 1] AS file, next_post AS post FROM mediakeep.import_runs WHERE run_id = $1',
    [lease.id],
  )
  const { file = null, post = 0 } = rows[0] ?? {}
  const where = file === null ? '' : ` in ${file}, from post ${post} on`
  await withRetries(() =>
    finishRun(
      db,
      lease,
      `parked: the process died ${lease.deaths} times in a row${where}. Give it more memory or split the file, ` +
        'then import it again: posts that are stored already are known',
    ),
  )
}

/** If the database stays away, the lease expires by itself. */
async function giveBack(db: Database, lease: Lease, error: unknown, isStopped: boolean): Promise<void> {
  if (isStopped) await importQueue.release(db, [lease])
  else if (error instanceof LeaseLostError) return
  else if (lease.attempt >= MAX_ATTEMPTS && !isTransient(error)) {
    await finishRun(db, lease, `given up after ${MAX_ATTEMPTS} attempts: ${String(error)}`)
  } else {
    const later = `now() + interval '10 seconds'`
    await db.query(
      `UPDATE mediakeep.import_runs q SET ${isTransient(error) ? importQueue.ended(later) : importQueue.tried(later)}
       WHERE ${importQueue.held('q', 1)}`,
      [[lease.id], [lease.token]],
    )
  }
}

/** Extends the lease for as long as this process lives. */
function beat(db: Database, lease: Lease, leaseSeconds: number): { lost: AbortSignal; stop: () => void } {
  const controller = new AbortController()
  const extend = async (): Promise<void> => {
    const held = await importQueue.extend(db, [lease], leaseSeconds)
    if (!held.has(lease.id)) controller.abort(new LeaseLostError(lease.id))
  }
  // A short database outage is no reason to stop: the next batch will find out.
  const timer = setInterval(() => void extend().catch(() => undefined), (leaseSeconds * 1000) / 3)
  return { lost: controller.signal, stop: () => clearInterval(timer) }
}
