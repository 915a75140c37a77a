import { samplePosts } from '@mediakeep/sample'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { startServerProcess } from './server.fixture.ts'

let place: Installation
beforeAll(async () => {
  place = await install()
})
afterAll(() => place.remove())

test('kill -9 once an upload is acknowledged: the next server imports all of it', async () => {
  const posts = await samplePosts(place.sampleHost)
  // Without a worker: nothing is done beyond what the acknowledgement guarantees.
  const killed = await startServerProcess(place, '--no-worker')
  const runId = await killed.upload(posts)
  await killed.kill('SIGKILL')
  expect((await place.db.query('SELECT FROM posts')).rowCount).toBe(0)
  const next = await startServerProcess(place)
  try {
    const query = 'query ($id: ID!) { importRun(id: $id) { status postsProcessed postsNew postsRejected } }'
    await expect
      .poll(() => next.ask(query, { id: runId }), { timeout: 60_000 })
      .toMatchObject({ importRun: { status: 'completed' } })
    expect(await next.ask(query, { id: runId })).toMatchObject({
      importRun: { postsProcessed: 20, postsNew: 19, postsRejected: 1 },
    })
    expect((await place.db.query('SELECT FROM posts')).rowCount).toBe(19)
  } finally {
    await next.kill('SIGTERM')
  }
})
