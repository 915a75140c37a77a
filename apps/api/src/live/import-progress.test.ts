import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startTestApi, type TestApi } from '../api.fixture.ts'
import { openStream, type Stream } from './streams.fixture.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
  await db.query(`INSERT INTO download_runs (run_id, started_at, status) VALUES ('run-1', now(), 'running')`)
  await db.query(`INSERT INTO mediakeep.import_runs (run_id) VALUES ('run-1')`)
})
afterEach(() => db.drop())

const QUERY = `subscription { importProgress(runId: "run-1") { cursor status postsProcessed } }`

/** Moves the import to a state the way an import does: its rows and the event in one transaction. */
async function step(status: string, posts: number): Promise<void> {
  await db.transaction(async (sql) => {
    await sql.query(`UPDATE download_runs SET status = $1 WHERE run_id = 'run-1'`, [status])
    await sql.query(`UPDATE mediakeep.import_runs SET posts_processed = $1 WHERE run_id = 'run-1'`, [posts])
    await sql.query(
      `INSERT INTO mediakeep.events (kind, changes) VALUES ('import', jsonb_build_array(jsonb_build_object(
         'runId', 'run-1', 'status', $1::text, 'postsProcessed', $2::integer)))`,
      [status, posts],
    )
  })
}

/** Starts a server that runs `work` each time it has read the state of an import. */
async function startWith(work: () => Promise<void>): Promise<TestApi> {
  const watched: TestDatabase = {
    ...db,
    async query<Row extends object>(text: string, ...rest: []) {
      const read = await db.query<Row>(text, ...rest)
      if (text.includes('FROM mediakeep.import_runs')) await work()
      return read
    },
  }
  const api = await startTestApi(db, { db: watched })
  onTestFinished(() => api.close())
  return api
}

async function expectWhole(stream: Stream, steps: [status: string, posts: number][]): Promise<void> {
  await expect.poll(() => stream.isOver).toBe(true)
  expect(stream.messages.at(-1)!.event).toBe('complete')
  expect(stream.changes.map((one) => [one['status'], one['postsProcessed']])).toEqual(steps)
}

test('an import that ends between the look at it and the following of the log is told whole', async () => {
  const api = await startWith(async () => {
    await step('running', 10)
    await step('completed', 20)
  })
  const stream = await openStream(api.url, QUERY)
  onTestFinished(() => stream.cut())
  await expectWhole(stream, [
    ['running', 0],
    ['running', 10],
    ['completed', 20],
  ])
})

test('so it is where the log is followed already, and others wait for the same', async () => {
  let isHeld = true
  const first: Stream[] = []
  const api = await startWith(async () => {
    if (isHeld) return
    await step('completed', 20)
    await expect.poll(() => first[0]!.isOver).toBe(true)
  })
  first.push(await openStream(api.url, QUERY))
  await expect.poll(() => first[0]!.changes).toHaveLength(1)
  isHeld = false
  const stream = await openStream(api.url, QUERY)
  onTestFinished(() => stream.cut())
  await expectWhole(first[0]!, [
    ['running', 0],
    ['completed', 20],
  ])
  await expectWhole(stream, [
    ['running', 0],
    ['completed', 20],
  ])
})

test('who comes again behind the end of an import is told that it is over', async () => {
  const api = await startWith(() => Promise.resolve())
  await step('completed', 20)
  const { eventCursor } = await api.ask<{ eventCursor: string }>('{ eventCursor }')
  const stream = await openStream(api.url, QUERY, {}, { 'last-event-id': eventCursor })
  onTestFinished(() => stream.cut())
  await expectWhole(stream, [])
})
