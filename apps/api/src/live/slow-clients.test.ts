import { request, type IncomingMessage } from 'node:http'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed } from '../api.fixture.ts'
import { startServerProcess, type ServerProcess } from './soak.fixture.ts'

const MIB = 1024 ** 2
const SILENT = 120
const CHANGES = 20_000
/**
 * Padding makes a result about 300 bytes long: 8 MB for each client, 960 MB for all. Results are counted by a single
 * letter, which a chunk boundary cannot split.
 */
const QUERY = `subscription { mediaStatusChanged { Z: cursor ${Array.from({ length: 12 }, (_, n) => `a${n}: mediaId`).join(' ')} } }`

let db: TestDatabase
let server: ServerProcess
beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 1, 1)
  server = await startServerProcess(db.url)
})
afterAll(async () => {
  await server.stop()
  await db.drop()
})

function connect(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
    const sent = request(`${server.url}/graphql`, { method: 'POST', headers, agent: false }, (response) => {
      response.pause()
      resolve(response)
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ query: QUERY }))
  })
}

async function write(): Promise<void> {
  for (let n = 0; n < CHANGES; n += 200)
    await db.query(
      `INSERT INTO mediakeep.events (kind, changes)
       SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', 'med-0000000000000001', 'postId', 'p-1', 'what', 'fate',
         'from', 'waiting', 'to', 'gone')) FROM generate_series(1, 200)`,
    )
}

/** Counts the results that a client reads from now on. */
function count(response: IncomingMessage): { read: number } {
  const counted = { read: 0 }
  response.setEncoding('utf8').on('data', (chunk: string) => (counted.read += chunk.split('Z').length - 1))
  response.resume()
  return counted
}

test('clients that never read cost bounded memory, hold up nobody, and miss nothing when they read again', async () => {
  const reader = await connect()
  const counted = count(reader)
  const isRead = (changes: number): Promise<void> =>
    expect.poll(() => counted.read, { timeout: 60_000 }).toBe(changes)
  await write()
  await isRead(CHANGES)
  const before = await server.memory()

  const silent = await Promise.all(Array.from({ length: SILENT }, connect))
  await write()
  await isRead(2 * CHANGES)
  const grown = (await server.memory()) - before
  process.stdout.write(`${SILENT} clients that do not read: ${Math.round(grown / MIB)} MiB more\n`)
  expect(grown).toBeLessThan(220 * MIB)

  const late = count(silent[0]!)
  await expect.poll(() => late.read, { timeout: 60_000 }).toBe(CHANGES)
  ;[...silent, reader].forEach((response) => response.destroy())
})
