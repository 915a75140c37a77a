import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { change, mediaId, openStream, type Stream } from './streams.fixture.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 2, 2)
  const broken: TestDatabase = {
    ...db,
    async query<Row extends object>(text: string, ...rest: []) {
      if (/dominant_color|FROM mediakeep.import_runs/.test(text)) throw new Error('secret of 10.0.0.1')
      return db.query<Row>(text, ...rest)
    },
  }
  api = await startTestApi(db, { db: broken })
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

async function watch(query: string): Promise<Stream> {
  const stream = await openStream(api.url, query)
  onTestFinished(() => stream.cut())
  await expect.poll(() => stream.messages.length).toBeGreaterThan(0)
  return stream
}

async function expectMasked(stream: Stream): Promise<void> {
  const next = (): string | undefined => stream.messages.find(({ event }) => event === 'next')?.data
  await expect.poll(next).toBeDefined()
  expect(next()).not.toMatch(/secret|10\.0\.0\.1|stack|\.ts/)
  const { errors } = JSON.parse(next()!) as { errors: { extensions: { code: string; errorId: string } }[] }
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR'])
  const logged = api.logged.find(({ details }) => details['errorId'] === errors[0]!.extensions.errorId)
  expect((logged?.details['err'] as Error).message).toContain('10.0.0.1')
}

test('an error of ours in what comes with an event is masked, and the stream goes on', async () => {
  const stream = await watch('subscription { mediaStatusChanged { mediaId media { id thumbhash } } }')
  await change(db, 'gone', mediaId(1))
  await expectMasked(stream)
  expect(stream.changes).toEqual([{ mediaId: mediaId(1), media: { id: mediaId(1), thumbhash: null } }])
  await change(db, 'failed', mediaId(1))
  await expect.poll(() => stream.changes).toHaveLength(2)
})

test('so is one in the opening of a stream', async () => {
  await expectMasked(await watch('subscription { importProgress(runId: "run-1") { status } }'))
})
