import { afterEach, beforeEach, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { startServerProcess } from './server.fixture.ts'

const PATIENT = { timeout: 10_000 }

let place: Installation
beforeEach(async () => {
  place = await install()
})
afterEach(() => place.remove())

test('SIGTERM: the server lets nobody in any more while its worker is still ending', async () => {
  const server = await startServerProcess(place)
  // The stage waits for this lock as it would for a bucket that hangs: it ends once it gets an answer.
  const stage = await locked('mediakeep.import_runs')
  const probe = await locked('mediakeep.migrations')
  try {
    await expect.poll(() => waitingFor('mediakeep.import_runs'), PATIENT).toBeGreaterThan(0)
    const underWay = fetch(`${server.url}/health/ready`)
    await expect.poll(() => waitingFor('mediakeep.migrations'), PATIENT).toBeGreaterThan(0)
    server.process.kill('SIGTERM')
    await expect.poll(() => isRefused(server.url), PATIENT).toBe(true)
    await probe.release()
    const answer = await underWay
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'draining' }),
    ])
    expect(await waitingFor('mediakeep.import_runs')).toBeGreaterThan(0)
    expect(server.process.exitCode).toBe(null)
    await stage.release()
    await expect.poll(() => server.process.exitCode, PATIENT).toBe(0)
  } finally {
    await Promise.all([probe.release(), stage.release()])
    await server.kill('SIGKILL')
  }
})

/** Locks a table: statements on it wait until it is released. */
async function locked(table: string): Promise<{ release(): Promise<void> }> {
  const taken = Promise.withResolvers<undefined>()
  const released = Promise.withResolvers<undefined>()
  const holding = place.db.transaction(async (sql) => {
    await sql.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    taken.resolve(undefined)
    await released.promise
  })
  await Promise.race([taken.promise, holding])
  return {
    async release() {
      released.resolve(undefined)
      await holding
    },
  }
}

async function waitingFor(table: string): Promise<number> {
  const found = await place.db.query<{ n: number }>(
    `SELECT count(*) AS n FROM pg_locks WHERE relation = $1::regclass AND NOT granted`,
    [table],
  )
  return found.rows[0]!.n
}

async function isRefused(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    () => false,
    () => true,
  )
}
