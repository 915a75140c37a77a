import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openHangingProxy } from '@mediakeep/faults'
import { openPool } from '@mediakeep/postgres'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openDrill, type Drill } from './drill.fixture.ts'

const PATIENT = { timeout: 120_000 }

let drill: Drill
beforeEach(async () => {
  drill = await openDrill()
})
afterEach(() => drill.close())

test('the database vanishes without closing its connections: readiness says so, and new connections go on', async () => {
  const { place, origin } = drill
  const proxy = await openHangingProxy(place.db.url)
  onTestFinished(() => proxy.close())
  const machine = await drill.machine({ env: { DATABASE_URL: proxy.url } })
  await machine.upload(origin.posts(0, 60))
  await expect.poll(() => drill.note(), PATIENT).toBeGreaterThan(10)
  proxy.hang()
  await expect.poll(async () => (await machine.ready()).status, PATIENT).toBe(503)
  expect((await machine.ready()).text).toMatch(/database/)
  proxy.recover()
  await drill.expectWhole(60, { seconds: 180 })
  await expect.poll(async () => (await machine.ready()).status, PATIENT).toBe(200)
})

test('a machine freezes in the middle of its work: others go on, and it does no harm when it wakes', async () => {
  const { origin } = drill
  const frozen = await drill.machine({ name: 'frozen' })
  const awake = await drill.machine({ name: 'awake' })
  await frozen.upload(origin.posts(0, 60))
  await expect.poll(() => drill.note(), PATIENT).toBeGreaterThan(10)
  frozen.process.kill('SIGSTOP')
  const before = await drill.note()
  await awake.upload(origin.posts(60, 40))
  await expect.poll(() => drill.note(), PATIENT).toBeGreaterThanOrEqual(before + 40)
  frozen.process.kill('SIGCONT')
  await drill.expectWhole(100, { seconds: 180 })
})

test('the embedded PostgreSQL is killed: the server starts it again and goes on', async () => {
  const { origin } = drill
  const machine = await drill.machine({ env: { DATABASE_URL: '' } })
  const folder = join(drill.home(), 'postgres')
  // Not through the library, which would restart the server by itself.
  const [pid, , , port] = (await readFile(join(folder, 'data/postmaster.pid'), 'utf8')).split('\n')
  const password = await readFile(join(folder, 'password'), 'utf8')
  const sql = openPool(`postgresql://mediakeep:${password}@127.0.0.1:${port!.trim()}/mediakeep`)
  onTestFinished(() => sql.close())
  await machine.upload(origin.posts(0, 60))
  const fetched = async (): Promise<number> =>
    (await sql.query(`SELECT FROM post_media WHERE fate = 'fetched'`)).rowCount
  await expect.poll(fetched, PATIENT).toBeGreaterThan(10)
  process.kill(Number(pid), 'SIGKILL')
  await expect
    .poll(() => machine.said().includes('the embedded PostgreSQL died and was started again'), PATIENT)
    .toBe(true)
  await expect.poll(() => fetched().catch(() => 0), PATIENT).toBe(60)
  await drill.expectWhole(60, { sql, seconds: 180 })
  await expect.poll(async () => (await machine.ready()).status, PATIENT).toBe(200)
})
