import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { periodicTasks, type PeriodicTask } from './periodic-tasks.ts'

const silent = { info() {}, warn() {}, error() {} }

let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
})
beforeEach(() => db.query('TRUNCATE mediakeep.tasks'))
afterAll(() => db.drop())

const running = new AbortController().signal

function stage(...tasks: PeriodicTask[]): ReturnType<typeof periodicTasks> {
  return periodicTasks({ db, tasks, leaseSeconds: 30, log: silent })
}

interface TaskRow {
  readonly last_result: unknown
  readonly last_error: string | null
  readonly task_lease_token: string | null
  readonly took: number
  readonly wait: number
}

async function taskRow(name: string): Promise<TaskRow> {
  const found = await db.query<TaskRow>(
    `SELECT *, extract(epoch FROM last_finished_at - last_started_at)::float8 AS took,
       extract(epoch FROM task_not_before - last_finished_at)::float8 AS wait
     FROM mediakeep.tasks WHERE name = $1`,
    [name],
  )
  return found.rows[0]!
}

test('of two processes one does a task, and its result is kept until it is due again', async () => {
  let runs = 0
  const task: PeriodicTask = {
    name: 'count',
    everySeconds: 3600,
    async run() {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { runs: ++runs }
    },
  }
  const reports = await Promise.all([stage(task).drain(running), stage(task).drain(running)])
  expect(reports.map((report) => report.done).sort()).toEqual([0, 1])
  expect(await stage(task).drain(running)).toEqual({ done: 0, failed: 0 })
  expect(runs).toBe(1)
  const row = await taskRow('count')
  expect(row).toMatchObject({
    last_result: { runs: 1 },
    last_error: null,
    task_lease_token: null,
    wait: 3600,
  })
  expect(row.took).toBeGreaterThan(0.04)
  await db.query('UPDATE mediakeep.tasks SET task_not_before = now()')
  await stage(task).drain(running)
  expect(runs).toBe(2)
})

test('a task that fails keeps its error, comes round again, and does not stop the others', async () => {
  const failing = { name: 'failing', everySeconds: 60, run: () => Promise.reject(new Error('no disk')) }
  const fine = { name: 'fine', everySeconds: 60, run: () => Promise.resolve('well') }
  expect(await stage(failing, fine).drain(running)).toEqual({ done: 1, failed: 1 })
  expect(await taskRow('failing')).toMatchObject({ last_error: 'Error: no disk', wait: 60 })
  expect(await taskRow('fine')).toMatchObject({ last_error: null, last_result: 'well' })
})

test('a slow task does not delay others, even if they are due many times meanwhile', async () => {
  let quickRuns = 0
  const slow: PeriodicTask = {
    name: 'slow',
    everySeconds: 60,
    async run() {
      while (quickRuns < 3) await new Promise((resolve) => setTimeout(resolve, 20))
      return 'slow'
    },
  }
  const quick: PeriodicTask = { name: 'quick', everySeconds: 1, run: () => Promise.resolve(++quickRuns) }
  const report = await stage(slow, quick).drain(AbortSignal.timeout(15_000))
  expect(report.failed).toBe(0)
  expect(quickRuns).toBeGreaterThanOrEqual(3)
  expect(await taskRow('slow')).toMatchObject({ last_result: 'slow' })
})

test('a task that may take a tenth of the time rests nine times as long as it ran', async () => {
  const task: PeriodicTask = {
    name: 'count',
    everySeconds: 1,
    maxShare: 0.1,
    run: () => new Promise((resolve) => setTimeout(() => resolve(null), 500)),
  }
  await stage(task).drain(running)
  const { wait } = await taskRow('count')
  expect(wait).toBeGreaterThan(4.4)
})

test('the task of a process that died is taken over when its lease ends', async () => {
  const task = { name: 'orphaned', everySeconds: 60, run: () => Promise.resolve(null) }
  await db.query(`INSERT INTO mediakeep.tasks (name, task_lease_token, task_lease_expires_at)
    VALUES ('orphaned', gen_random_uuid(), now() + interval '1 hour')`)
  expect((await stage(task).drain(running)).done).toBe(0)
  await db.query(`UPDATE mediakeep.tasks SET task_lease_expires_at = now() - interval '1 second'`)
  expect((await stage(task).drain(running)).done).toBe(1)
})

test('a task that is aborted is given back untried', async () => {
  const abort = new AbortController()
  const task: PeriodicTask = {
    name: 'long',
    everySeconds: 60,
    run: (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        abort.abort()
      }),
  }
  expect(await stage(task).drain(abort.signal)).toEqual({ done: 0, failed: 0 })
  expect(await taskRow('long')).toMatchObject({ task_lease_token: null, last_error: null, took: null })
})
