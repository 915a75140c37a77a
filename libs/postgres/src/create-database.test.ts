import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { createDatabase } from './create-database.ts'
import { workerSession } from './session.ts'

let folder: string
let server: EmbeddedPostgres

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-create-'))
  await chmod(folder, 0o755)
  server = await openEmbeddedPostgres(join(folder, 'postgres'), { settings: ['fsync=off'] })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = await connect(url, workerSession)
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('a database that exists is left as it is', async () => {
  const url = await createDatabase(server.url, 'made')
  await ask(url, 'CREATE TABLE kept ()')
  expect(await createDatabase(server.url, 'made')).toBe(url)
  expect(await ask(url, 'SELECT FROM kept')).toEqual([])
})

test('a connection that is lost while a database is made is an error of the call, and does not end the process', async () => {
  // While a session uses the template, CREATE DATABASE waits for it.
  const inTemplate = await connect(server.url.replace(/postgres$/, 'template1'), workerSession)
  const making = createDatabase(server.url, 'mediakeep').catch((error: unknown) => error)
  const backend = `SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE DATABASE%'`
  await expect.poll(() => ask(server.url, backend)).toHaveLength(1)
  const [{ pid }] = (await ask(server.url, backend)) as [{ pid: number }]
  process.kill(pid, 'SIGKILL')
  expect(await making).toBeInstanceOf(Error)
  // PostgreSQL restarts after that; wait until it is back before stopping it.
  await expect
    .poll(() => ask(server.url, 'SELECT 1 AS one').catch(() => []), { timeout: 60_000 })
    .toEqual([{ one: 1 }])
  await inTemplate.end()
})
