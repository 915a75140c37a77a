import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { change, CHANGED, mediaId, openStream, type Stream } from './streams.fixture.ts'

let db: TestDatabase
let api: TestApi
let other: TestApi
const open: Stream[] = []

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 3)
  api = await startTestApi(db, { live: { heartbeatMs: 200 } })
  other = await startTestApi(db)
})
afterAll(async () => {
  await Promise.all([api.close(), other.close()])
  await db.drop()
})
afterEach(() => open.splice(0).forEach((stream) => stream.cut()))

async function watch(variables: object = {}, query = CHANGED, at = api): Promise<Stream> {
  const stream = await openStream(at.url, query, variables)
  open.push(stream)
  await expect.poll(() => stream.messages.length).toBeGreaterThan(0)
  return stream
}

const ids = (stream: Stream): unknown[] => stream.changes.map((one) => one['mediaId'])

test('a change is seen through every process, with its cursor, before and after', async () => {
  const streams = await Promise.all([watch(), watch({}, CHANGED, other)])
  await change(db, 'gone', mediaId(1))
  for (const stream of streams) {
    await expect.poll(() => stream.changes).toHaveLength(1)
    const [first] = stream.changes
    expect(first).toMatchObject({
      mediaId: mediaId(1),
      what: 'fate',
      previousStatus: 'fetched',
      status: 'gone',
    })
    expect(stream.messages.at(-1)!.id).toBe(first!['cursor'])
  }
})

test.each([
  ['mediaIds', { mediaIds: [mediaId(2), mediaId(5)] }, [mediaId(2), mediaId(5)]],
  ['postId', { postId: 'p-00000002' }, [mediaId(1), mediaId(5)]],
  ['what', { what: ['analysis'] }, []],
  ['status', { status: ['expired'] }, []],
  ['mediaType', { mediaType: 'video' }, [mediaId(4)]],
  ['two of them', { mediaType: 'image', mediaIds: [mediaId(4), mediaId(2)] }, [mediaId(2)]],
])('filters by %s', async (_name, filter, expected) => {
  await db.query(`UPDATE post_media SET media_type = 'video' WHERE media_id = $1`, [mediaId(4)])
  const all = await watch()
  const some = await watch({ filter })
  await change(db, 'gone', ...[1, 2, 3, 4, 5].map(mediaId))
  await expect.poll(() => ids(all)).toHaveLength(5)
  await expect.poll(() => ids(some)).toEqual(expected)
})

test('a change tells its media as they are, many of them in a statement or two', async () => {
  const query = `subscription { mediaStatusChanged { mediaId media { id fate post { authorUsername } } } }`
  const stream = await watch({}, query)
  const [, statements] = await api.statements(async () => {
    await change(db, 'expired', ...[1, 2, 3, 4, 5, 6, 7, 8].map(mediaId))
    await expect.poll(() => stream.changes).toHaveLength(8)
  })
  expect(stream.changes[0]).toMatchObject({
    media: { id: mediaId(1), fate: 'expired', post: { authorUsername: 'author2' } },
  })
  // This includes the tail's polling, which runs on a timer.
  expect(statements).toBeLessThan(20)
})

test('a server that has read less of the log than another repeats nothing to who comes from there', async () => {
  const gate = Promise.withResolvers<undefined>()
  let isHeld = false
  const slow: TestDatabase = {
    ...db,
    async query(text: string, values: readonly unknown[] = [], ...rest: []) {
      // Holds the tail's reads of the log, but not reads of a page for one client.
      if (isHeld && text.includes('number > $1') && values[2] === null) await gate.promise
      return db.query(text, values, ...rest)
    },
  }
  const behind = await startTestApi(db, { db: slow })
  onTestFinished(() => behind.close())
  const [there, ahead] = [await watch({}, CHANGED, behind), await watch()]
  isHeld = true
  await change(db, 'failed', mediaId(6))
  await change(db, 'blocked', mediaId(6))
  await expect.poll(() => ahead.changes).toHaveLength(2)
  const resumed = await watch({ after: ahead.changes[1]!['cursor'] }, CHANGED, behind)
  await change(db, 'waiting', mediaId(6))
  await expect.poll(() => ahead.changes).toHaveLength(3)
  expect(there.changes).toEqual([])
  gate.resolve(undefined)
  await expect.poll(() => there.changes).toEqual(ahead.changes)
  await expect.poll(() => resumed.changes).toEqual([ahead.changes[2]])
})

test('reconnecting with the last cursor, anywhere: no gap, no repeat', async () => {
  const all = await watch()
  const seen: unknown[] = []
  let after: string | undefined
  for (let n = 0; n < 10; n++) {
    const stream = await watch({ after }, CHANGED, n % 2 ? other : api)
    const known = seen.length
    // Three changes in one event, so that a client may be disconnected in the middle of it.
    await change(db, n % 2 ? 'gone' : 'failed', ...[1, 2, 3].map(mediaId))
    const wanted = n % 3
    await expect.poll(() => stream.changes.length).toBeGreaterThanOrEqual(Math.max(1, wanted))
    stream.cut()
    const read = stream.changes.slice(0, Math.max(1, wanted))
    seen.push(...read)
    after = String(read.at(-1)!['cursor'])
    expect(seen.length).toBeGreaterThan(known)
  }
  const rest = await watch({ after })
  await expect.poll(() => seen.length + rest.changes.length).toBe(30)
  await expect.poll(() => all.changes).toHaveLength(30)
  expect([...seen, ...rest.changes]).toEqual(all.changes)
})

test('Last-Event-ID is a cursor too, later than the one in the document', async () => {
  const first = await watch()
  await change(db, 'waiting', ...[1, 2, 3].map(mediaId))
  await expect.poll(() => first.changes).toHaveLength(3)
  const [from, seen] = first.changes.map((one) => String(one['cursor']))
  const again = await openStream(api.url, CHANGED, { after: from }, { 'last-event-id': seen! })
  open.push(again)
  await expect.poll(() => again.changes).toEqual(first.changes.slice(2))
})

test('the heartbeat says how far a silent stream is', async () => {
  const silent = await watch({ filter: { mediaIds: ['med-none'] } })
  await change(db, 'gone', mediaId(1))
  const { eventCursor } = await api.ask<{ eventCursor: string }>('{ eventCursor }')
  await expect.poll(() => silent.messages.at(-1)!.id).toBe(eventCursor)
  expect(silent.changes).toEqual([])
})

test('a cursor that is no cursor, ahead of the log, or pruned is a typed error that says so', async () => {
  const code = async (after: string): Promise<unknown> => {
    const stream = await watch({ after })
    await expect.poll(() => stream.isOver).toBe(true)
    expect(stream.messages.map(({ event }) => event)).toEqual(['next', 'complete'])
    const { errors } = JSON.parse(stream.messages[0]!.data!) as { errors: { extensions: { code: string } }[] }
    return errors[0]!.extensions.code
  }
  expect(await code('yesterday')).toBe('CURSOR_INVALID')
  expect(await code('99999999')).toBe('CURSOR_UNKNOWN')
  await db.query('UPDATE mediakeep.event_log SET pruned_number = 3')
  expect(await code('2')).toBe('CURSOR_EXPIRED')
  await db.query('UPDATE mediakeep.event_log SET pruned_number = 0')
})

test('an operation that is not valid is answered in the protocol', async () => {
  const stream = await watch({}, 'subscription { nothing }')
  await expect.poll(() => stream.isOver).toBe(true)
  expect(stream.messages.map(({ event }) => event)).toEqual(['next', 'complete'])
})

test('an import tells where it stands, then each step, and completes', async () => {
  await db.query(`INSERT INTO download_runs (run_id, started_at) VALUES ('run-1', now())`)
  await db.query(`INSERT INTO mediakeep.import_runs (run_id, posts_processed) VALUES ('run-1', 7)`)
  const query = `subscription ($after: String) { importProgress(runId: "run-1", after: $after) {
    cursor status postsProcessed } }`
  const stream = await watch({}, query)
  const step = (status: string, posts: number): Promise<unknown> =>
    db.query(
      `INSERT INTO mediakeep.events (kind, changes) SELECT 'import', jsonb_build_array(jsonb_build_object(
        'runId', run, 'status', $1::text, 'postsProcessed', $2::integer)) FROM unnest('{run-2,run-1}'::text[]) run`,
      [status, posts],
    )
  await step('running', 20)
  await step('completed', 30)
  await expect.poll(() => stream.isOver).toBe(true)
  const expected = [
    { status: 'running', postsProcessed: 7 },
    { status: 'running', postsProcessed: 20 },
    { status: 'completed', postsProcessed: 30 },
  ]
  expect(stream.changes).toMatchObject(expected)
  expect(stream.messages.at(-1)!.event).toBe('complete')

  await db.query(`UPDATE download_runs SET status = 'completed' WHERE run_id = 'run-1'`)
  const again = await watch({ after: stream.changes[0]!['cursor'] }, query)
  await expect.poll(() => again.isOver).toBe(true)
  expect(again.changes).toMatchObject(expected.slice(1))
  const after = await watch({ after: stream.changes[2]!['cursor'] }, query)
  await expect.poll(() => after.isOver).toBe(true)
  expect(after.changes).toEqual([])
})

test('more clients than it takes are sent elsewhere', async () => {
  const small = await startTestApi(db, { live: { maxClients: 1 } })
  const first = await watch({}, CHANGED, small)
  expect((await openStream(small.url, CHANGED)).status).toBe(503)
  first.cut()
  await expect.poll(async () => (await openStream(small.url, CHANGED)).status).toBe(200)
  await small.close()
})

test('a server that closes ends its streams at once, and does not say that they are complete', async () => {
  const closing = await startTestApi(db)
  const stream = await watch({}, CHANGED, closing)
  const before = performance.now()
  await closing.close()
  expect(performance.now() - before).toBeLessThan(2000)
  await expect.poll(() => stream.isOver).toBe(true)
  expect(stream.messages.map(({ event }) => event)).not.toContain('complete')
})
