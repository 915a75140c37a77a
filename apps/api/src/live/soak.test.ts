import { setTimeout as sleep } from 'node:timers/promises'
import { cursorBehind, endOfLog, formatCursor, readEvents, sequenceAll } from '@mediakeep/events'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed } from '../api.fixture.ts'
import { follow, startServerProcess, type ServerProcess } from './soak.fixture.ts'
import { change, mediaId } from './streams.fixture.ts'

// The full run takes more than a minute: MEDIAKEEP_SOAK=full, or nx run @mediakeep/api:soak.
const isFull = process.env['MEDIAKEEP_SOAK'] === 'full'
const CLIENTS = isFull ? 1000 : 60
const SECONDS = isFull ? 60 : 6
const CHANGES_A_SECOND = 20
const FATES = ['waiting', 'fetched', 'gone', 'failed', 'expired']

let db: TestDatabase
let servers: ServerProcess[]
beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 10)
  servers = await Promise.all([startServerProcess(db.url), startServerProcess(db.url)])
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await db.drop()
})

async function killBackends(): Promise<void> {
  await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
}

/** Makes 20 changes a second; sometimes several in one event, or one that commits long after later ones. */
async function writeFor(seconds: number): Promise<void> {
  const late: Promise<void>[] = []
  const start = performance.now()
  for (let n = 0; n < seconds * CHANGES_A_SECOND;) {
    const fate = FATES[n % FATES.length]!
    const media = Array.from({ length: n % 10 === 0 ? 3 : 1 }, (_, index) => mediaId(1 + ((n + index) % 30)))
    if (n % 25 === 7)
      late.push(
        db
          .transaction(async (sql) => {
            await change(sql, fate, mediaId(31 + (n % 10)))
            await sleep(1500)
          })
          .catch(() => undefined),
      )
    await change(db, fate, ...media).catch(() => undefined)
    n += media.length
    await sleep(Math.max(0, start + (n * 1000) / CHANGES_A_SECOND - performance.now()))
  }
  await Promise.all(late)
}

async function expectedAfter(number: number): Promise<string[]> {
  const { epoch } = await endOfLog(db)
  const events = await readEvents(db, number, { limit: 1_000_000 })
  return events.flatMap(({ number: at, changes }) =>
    changes.map((_one, index) => formatCursor(cursorBehind(epoch, at, index, changes.length))),
  )
}

test(
  `${CLIENTS} clients on two servers, connections cut at random, backends killed: each holds the full sequence`,
  async () => {
    const from = await sequenceAll(db)
    const urls = servers.map(({ url }) => url)
    const clients = Array.from({ length: CLIENTS }, () => follow(urls, String(from)))
    await sleep(isFull ? 3000 : 300)
    const cutting = setInterval(() => {
      for (let n = 0; n < CLIENTS / 200 + 1; n++) clients[Math.floor(Math.random() * CLIENTS)]!.cut()
    }, 100)
    const killing = setInterval(() => void killBackends().catch(() => undefined), isFull ? 7000 : 2000)
    await writeFor(SECONDS)
    clearInterval(cutting)
    clearInterval(killing)

    const expected = await expectedAfter(from)
    expect(expected.length).toBeGreaterThan(0.8 * SECONDS * CHANGES_A_SECOND)
    await expect
      .poll(() => clients.filter(({ cursors }) => cursors.length < expected.length).length, {
        timeout: 30_000,
      })
      .toBe(0)
    for (const client of clients) expect(client.cursors).toEqual(expected)
    const connections = clients.reduce((sum, client) => sum + client.connections, 0)
    process.stdout.write(
      `${CLIENTS} clients, ${expected.length} changes each, ${connections - CLIENTS} resumptions, no gap, no repeat\n`,
    )
    expect(connections).toBeGreaterThan(1.2 * CLIENTS)
    clients.forEach((client) => client.stop())
  },
  isFull ? 240_000 : 60_000,
)
