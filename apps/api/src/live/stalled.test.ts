import { request, type IncomingMessage } from 'node:http'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api.fixture.ts'

/**
 * About 600 bytes per change, which soon exceeds the system's buffers for a connection. Changes are counted by a
 * single letter, which a chunk boundary cannot split.
 */
const QUERY = `subscription { mediaStatusChanged { Z: what ${Array.from({ length: 24 }, (_, n) => `a${n}: mediaId`).join(' ')} } }`
const CHANGES = 40_000

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db, { live: { stallMs: 300 } })
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

function connect(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
    const sent = request(`${api.url}/graphql`, { method: 'POST', headers, agent: false }, (response) => {
      response.on('error', () => undefined)
      resolve(response)
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ query: QUERY }))
  })
}

async function clients(): Promise<string | undefined> {
  const metrics = await fetch(`${api.url}/metrics`).then((answer) => answer.text())
  return /live_clients (\d+)/.exec(metrics)?.[1]
}

test('a client that reads nothing for too long is cut off; one that reads is not', async () => {
  const [reader, stalled] = await Promise.all([connect(), connect()])
  stalled.pause()
  let read = 0
  reader.setEncoding('utf8').on('data', (chunk: string) => (read += chunk.split('Z').length - 1))
  await expect.poll(clients).toBe('2')
  for (let n = 0; n < CHANGES; n += 200)
    await db.query(
      `INSERT INTO mediakeep.events (kind, changes)
       SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', 'med-0000000000000001', 'postId', 'p-1', 'what', 'fate',
         'from', 'waiting', 'to', 'gone')) FROM generate_series(1, 200)`,
    )
  await expect.poll(clients, { timeout: 60_000 }).toBe('1')
  await expect.poll(() => read, { timeout: 60_000 }).toBe(CHANGES)
  expect([reader.closed, await clients()]).toEqual([false, '1'])
  ;[reader, stalled].forEach((response) => response.destroy())
})
