import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonValue } from '@mediakeep/plugin-api'
import type { Database } from '@mediakeep/sql'
import { leaseKeeper, type LeaseKeeper } from './lease-keeper.ts'
import { heldBy, leaseQueue, type Lease } from './lease-queue.ts'
import type { Stage, StageLog } from './stage.ts'
import { insertTasks, markFinished, markStarted } from './periodic-tasks.sql.ts'

export interface PeriodicTask {
  /** Unique across all processes that share the work; a task for one cache includes that cache's id. */
  readonly name: string
  /** From the end of one run to the start of the next, at least 1. */
  readonly everySeconds: number
  /** Largest share of the time that the task may run, from 0 to 1: after a long run the next one starts later. */
  readonly maxShare?: number | undefined
  /** @returns the value to store in `mediakeep.tasks.last_result` */
  run(signal: AbortSignal): Promise<JsonValue>
}

export interface PeriodicTasksOptions {
  readonly db: Database
  readonly tasks: readonly PeriodicTask[]
  readonly leaseSeconds: number
  readonly log: StageLog
}

const queue = leaseQueue({
  table: 'mediakeep.tasks',
  id: 'name',
  prefix: 'task',
  pending: 'true',
  order: 'q.task_not_before, q.name',
})

/** While a task runs, others that come due are started within this time. */
const POLL_MS = 500

/**
 * Recurring tasks, each run by one process at a time, across all processes. A pass ends with its last task. Until then
 * it starts tasks as they come due, so that a slow task does not delay the others.
 */
export function periodicTasks(options: PeriodicTasksOptions): Stage {
  let areListed = false
  return {
    name: 'tasks',
    isRoutine: true,
    async drain(signal) {
      const { db, tasks, leaseSeconds } = options
      const byName = new Map(tasks.map((task) => [task.name, task]))
      if (!areListed) await listTasks(db, [...byName.keys()])
      areListed = true
      const keeper = leaseKeeper(queue, db, leaseSeconds)
      const report = { done: 0, failed: 0 }
      const running = new Set<Promise<void>>()
      const troubles: unknown[] = []
      const start = (lease: Lease): void => {
        const run = runTask(options, byName.get(lease.id)!, lease, keeper, signal)
          .then((end) => {
            if (end !== 'released') report[end]++
          })
          .catch((error: unknown) => void troubles.push(error))
          .finally(() => running.delete(run))
        running.add(run)
      }
      try {
        while (!signal.aborted && troubles.length === 0) {
          const leases = await claimDue(options, [...byName.keys()])
          leases.forEach(start)
          if (running.size === 0) break
          if (leases.length === 0) await Promise.race([...running, sleep(POLL_MS)])
        }
      } finally {
        await Promise.all(running).finally(() => keeper.stop())
      }
      if (troubles.length > 0) throw troubles[0]
      return report
    },
  }
}

async function listTasks(db: Database, names: string[]): Promise<void> {
  await insertTasks(db, [names])
}

async function claimDue(
  { db, tasks, leaseSeconds }: PeriodicTasksOptions,
  names: string[],
): Promise<Lease[]> {
  const leases = await queue.claim(db, {
    limit: tasks.length,
    leaseSeconds,
    where: 'q.name = ANY($1)',
    values: [names],
  })
  if (leases.length === 0) return []
  await markStarted(db, heldBy(leases))
  return leases
}

async function runTask(
  { db, log }: PeriodicTasksOptions,
  task: PeriodicTask,
  lease: Lease,
  keeper: LeaseKeeper,
  signal: AbortSignal,
): Promise<'done' | 'failed' | 'released'> {
  const started = performance.now()
  try {
    const result = await task.run(AbortSignal.any([signal, keeper.keep(lease)]))
    await finish(db, lease, pauseAfter(task, performance.now() - started), { result: JSON.stringify(result) })
    return 'done'
  } catch (error) {
    if (signal.aborted) {
      await queue.release(db, [lease])
      return 'released'
    }
    log.error({ err: error, task: task.name }, 'a periodic task failed')
    await finish(db, lease, pauseAfter(task, performance.now() - started), { error: String(error) })
    return 'failed'
  } finally {
    keeper.drop(lease)
  }
}

/** @returns seconds */
function pauseAfter({ everySeconds, maxShare = 1 }: PeriodicTask, tookMs: number): number {
  return Math.max(1, everySeconds, (tookMs / 1000) * (1 / maxShare - 1))
}

async function finish(
  db: Database,
  lease: Lease,
  pauseSeconds: number,
  end: { result?: string; error?: string },
): Promise<void> {
  await markFinished(db, [...heldBy([lease]), pauseSeconds, end.result ?? null, end.error ?? null])
}
