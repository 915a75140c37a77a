import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_DEATHS } from '@mediakeep/lease'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  createImportRun,
  importStage,
  readRunProgress,
  readRunSummary,
  runImport,
  UnknownRunError,
} from './index.ts'
import { formats, importPosts, invented, postsFile, rowsOf } from './posts.fixture.ts'
import { importQueue } from './queue.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.query('TRUNCATE posts, download_runs CASCADE'))
afterAll(() => database.drop())

const log = { info: () => undefined, error: () => undefined }
const stage = (machine = 'here', leaseSeconds = 30): ReturnType<typeof importStage> =>
  importStage({ db: database, machine, formats, leaseSeconds, log })
const queued = async (...files: string[]): Promise<string> =>
  createImportRun(database, { files, machine: 'here' })
const many = (length: number): ReturnType<typeof invented>[] =>
  Array.from({ length }, (_, n) => invented(n, { text: 'x'.repeat(500) }))
const never = new AbortController().signal

test('a run in the queue is done by the machine that has its files', async () => {
  const runId = await queued(await postsFile(many(3)))
  expect(await stage('elsewhere').drain(never)).toEqual({ done: 0, failed: 0 })
  expect(await stage().drain(never)).toEqual({ done: 1, failed: 0 })
  expect(await stage().drain(never)).toEqual({ done: 0, failed: 0 })
  expect(await readRunProgress(database, runId)).toMatchObject({ status: 'completed', error: null })
  const { rows } = await database.query('SELECT * FROM download_runs')
  expect(rows).toMatchObject([
    {
      run_id: runId,
      status: 'completed',
      posts_fetched: 3,
      posts_new: 3,
      posts_updated: 0,
      error_message: null,
    },
  ])
  expect(rows[0]!.completed_at).toBeInstanceOf(Date)
})

test('a run that nobody takes up is done where its files are: its machine got another name', async () => {
  const [file, gone, other] = [await postsFile(many(3)), await postsFile(many(1)), await postsFile(many(2))]
  const runIds = [await queued(file), await queued(gone), await queued(other)]
  await rm(gone)
  await appendFile(other, ' ')
  expect(await stage('renamed').drain(never)).toEqual({ done: 0, failed: 0 })
  await database.query(`UPDATE mediakeep.import_runs SET import_not_before = now() - interval '2 minutes'`)
  expect(await stage('renamed').drain(never)).toEqual({ done: 1, failed: 0 })
  const statuses = await Promise.all(runIds.map(async (id) => (await readRunProgress(database, id))?.status))
  // The second run's file is missing, and the file under the third's name is a different one.
  expect(statuses).toEqual(['completed', 'running', 'running'])
})

test('a run whose file vanished is failed, with the reason', async () => {
  const file = await postsFile(many(1))
  const runId = await queued(file)
  await rm(file)
  expect(await stage().drain(never)).toEqual({ done: 0, failed: 1 })
  const { status, error } = (await readRunProgress(database, runId))!
  expect(status).toBe('failed')
  expect(error).toMatch(/ENOENT.*posts\.json/)
})

test('killed half-way, a run is taken up where its last batch ended: every post once', async () => {
  const file = await postsFile(many(6000))
  const runId = await queued(file)
  const child = spawn(process.execPath, [
    join(import.meta.dirname, 'import-process.fixture.ts'),
    database.url,
    runId,
  ])
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const stopped = (await readRunProgress(database, runId))!
  expect(stopped.status).toBe('running')
  expect(stopped.posts.processed).toBeGreaterThan(0)
  expect(stopped.posts.processed).toBeLessThan(6000)

  const { status, posts, references } = await runImport(database, { runId, formats })
  expect(status).toBe('completed')
  expect(posts).toEqual({ processed: 6000, new: 6000, known: 0, rejected: 0 })
  expect(references).toEqual({ found: 6000, new: 6000, refreshed: 0 })
  const { rows } = await database.query('SELECT count(*)::int AS n FROM data_downloads')
  expect(rows).toEqual([{ n: 6000 }])
})

test('stopped by a signal, a run is given back at once and goes on', async () => {
  const runId = await queued(await postsFile(many(4000)))
  const stop = new AbortController()
  const onProgress = (): void => stop.abort(new Error('shutting down'))
  await expect(runImport(database, { runId, formats, signal: stop.signal, onProgress })).rejects.toThrow(
    'shutting down',
  )
  const { posts } = (await readRunProgress(database, runId))!
  expect(posts.processed).toBeGreaterThan(0)
  expect(posts.processed).toBeLessThan(4000)
  expect(await stage().drain(never)).toEqual({ done: 1, failed: 0 })
  expect((await readRunProgress(database, runId))!.posts).toMatchObject({
    processed: 4000,
    new: 4000,
    known: 0,
  })
})

test('a holder that comes back late writes nothing', async () => {
  const runId = await queued(await postsFile(many(2000)))
  const [late] = await importQueue.claim(database, { limit: 1, leaseSeconds: -1 })
  const progress = runImport(database, { runId, formats })
  const both = await Promise.all([progress, runImport(database, { runId, formats, lease: late })])
  for (const { posts } of both) expect(posts).toMatchObject({ processed: 2000, new: 2000, known: 0 })
  const { rows } = await database.query('SELECT count(*)::int AS n FROM data_downloads')
  expect(rows).toEqual([{ n: 2000 }])
})

test('connections that break under an import cost it nothing', async () => {
  const file = await postsFile(many(5000))
  const runId = await queued(file)
  const breaks: Promise<unknown>[] = []
  const onProgress = (): void => {
    if (breaks.length >= 4) return
    const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    breaks.push(database.query(others).catch(() => undefined))
  }
  const { posts, references } = await runImport(database, { runId, formats, onProgress })
  await Promise.all(breaks)
  expect(breaks.length).toBeGreaterThan(1)
  expect(posts).toEqual({ processed: 5000, new: 5000, known: 0, rejected: 0 })
  expect(references.new).toBe(5000)
  await sleep(200)
  const after = await rowsOf(database)
  await database.query('TRUNCATE posts, download_runs CASCADE')
  await importPosts(database, file)
  expect(after).toEqual(await rowsOf(database))
})

test('a run that fails again and again is given up with its reason', async () => {
  const runId = await queued(await postsFile(many(1)))
  const broken = {
    ...formats[0]!,
    get wrapperKeys(): string[] {
      throw new Error('this plugin is broken')
    },
  }
  const failing = importStage({ db: database, machine: 'here', formats: [broken], leaseSeconds: 30, log })
  for (let attempt = 1; attempt <= 5; attempt++) {
    expect((await readRunProgress(database, runId))!.status).toBe('running')
    expect(await failing.drain(never)).toEqual({ done: 0, failed: 1 })
    await database.query(
      'UPDATE mediakeep.import_runs SET import_not_before = now() WHERE import_not_before IS NOT NULL',
    )
  }
  const { status, error } = (await readRunProgress(database, runId))!
  expect(status).toBe('failed')
  expect(error).toContain('this plugin is broken')
  expect(await failing.drain(never)).toEqual({ done: 0, failed: 0 })
})

test('a run is not given up because the database was away or slow', async () => {
  const runId = await queued(await postsFile(many(1)))
  let isAway = true
  const linkedin = formats.find(({ name }) => name === 'linkedin')!
  const format = {
    ...linkedin,
    get wrapperKeys(): readonly string[] {
      if (isAway) throw Object.assign(new Error('canceling statement due to timeout'), { code: '57014' })
      return linkedin.wrapperKeys ?? []
    },
  }
  const waiting = importStage({ db: database, machine: 'here', formats: [format], leaseSeconds: 30, log })
  for (let pass = 1; pass <= 7; pass++) {
    expect(await waiting.drain(never)).toEqual({ done: 0, failed: 1 })
    await database.query('UPDATE mediakeep.import_runs SET import_not_before = now()')
  }
  isAway = false
  expect(await waiting.drain(never)).toEqual({ done: 1, failed: 0 })
  expect(await readRunProgress(database, runId)).toMatchObject({ status: 'completed', error: null })
})

test('a run is taken up behind many others whose files are gone', async () => {
  const gone = await postsFile(many(1))
  for (let n = 0; n < 25; n++) await queued(gone)
  await rm(gone)
  const runId = await queued(await postsFile(many(2)))
  await database.query(
    `UPDATE mediakeep.import_runs SET import_not_before = import_not_before - interval '2 minutes'`,
  )
  const renamed = stage('renamed')
  const passes = [await renamed.drain(never), await renamed.drain(never), await renamed.drain(never)]
  expect(passes.map(({ done }) => done)).toContain(1)
  expect(await readRunProgress(database, runId)).toMatchObject({ status: 'completed' })
})

test('a file that kills its process each time is parked, and named in its run', async () => {
  const file = await postsFile(many(2))
  const runId = await queued(file)
  for (let death = 0; death < MAX_DEATHS; death++) {
    expect(await importQueue.claim(database, { limit: 1, leaseSeconds: -1 })).toMatchObject([
      { deaths: death, attempt: 1 },
    ])
  }
  expect(await stage().drain(never)).toEqual({ done: 0, failed: 1 })
  const { status, error } = (await readRunProgress(database, runId))!
  expect(status).toBe('failed')
  expect(error).toContain(`parked: the process died ${MAX_DEATHS} times in a row in ${file}, from post 0 on`)
  expect(await stage().drain(never)).toEqual({ done: 0, failed: 0 })
})

test('a run that is not there is said not to be', async () => {
  await expect(runImport(database, { runId: 'run-none', formats })).rejects.toThrow(UnknownRunError)
  expect(await readRunSummary(database, 'run-none')).toBeUndefined()
})

test('a long import keeps its lease', async () => {
  const runId = await queued(await postsFile(many(10)))
  const locked = Promise.withResolvers<undefined>()
  // Its first batch waits for this transaction, longer than the lease lasts.
  const blocker = database.transaction(async (sql) => {
    await sql.query('LOCK TABLE posts IN ACCESS EXCLUSIVE MODE')
    locked.resolve(undefined)
    await sleep(2500)
  })
  await locked.promise
  const running = runImport(database, { runId, formats, leaseSeconds: 1 })
  await sleep(2000)
  expect(await importQueue.claim(database, { limit: 1, leaseSeconds: 30 })).toEqual([])
  await blocker
  expect((await running).posts.new).toBe(10)
})
