import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { openEmbeddedPostgres } from './embedded-postgres.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp('/tmp/mediakeep-pg-')
  await chmod(folder, 0o755)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'postgres')
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('keeps its data over a restart, and a second opener shares the running server', async () => {
  const folder = await temporaryFolder()
  const first = await openEmbeddedPostgres(folder)
  expect(await ask(first.url, 'SHOW server_version')).toEqual([{ server_version: '17.10' }])
  await ask(first.url, 'CREATE TABLE kept (n int)')
  const second = await openEmbeddedPostgres(folder)
  expect(second.url).toBe(first.url)
  await second.close()
  expect(await ask(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await first.close()
  await expect(ask(first.url, 'SELECT 1')).rejects.toThrow()
  const again = await openEmbeddedPostgres(folder)
  expect(await ask(again.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }])
  await again.close()
})

test('a server whose starter was killed is taken over', async () => {
  const folder = await temporaryFolder()
  const script = `import { openEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'))}
    const server = await openEmbeddedPostgres(${JSON.stringify(folder)}); process.send(server.url); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const url = await new Promise<string>((resolve) => {
    child.once('message', (message: string) => resolve(message))
  })
  child.kill('SIGKILL')
  const server = await openEmbeddedPostgres(folder)
  expect(server.url).toBe(url)
  expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await server.close()
  await expect(ask(server.url, 'SELECT 1')).rejects.toThrow()
})

test('a server that dies is started again on its port', async () => {
  const folder = await temporaryFolder()
  const restarts: unknown[] = []
  const server = await openEmbeddedPostgres(folder, { onRestart: (error) => restarts.push(error) })
  const pidFile = join(folder, 'data', 'postmaster.pid')
  process.kill(Number((await readFile(pidFile, 'utf8')).split('\n')[0]), 'SIGKILL')
  await expect
    .poll(() => ask(server.url, 'SELECT 1 AS one').catch(() => []), { timeout: 60_000 })
    .toEqual([{ one: 1 }])
  await expect.poll(() => restarts).toContain(undefined)
  await server.close()
  await expect(ask(server.url, 'SELECT 1')).rejects.toThrow()
})

test('a postmaster.pid that names a living process of another program does not keep the server from starting', async () => {
  const folder = await temporaryFolder()
  const first = await openEmbeddedPostgres(folder)
  await ask(first.url, 'CREATE TABLE kept (n int)')
  const pidFile = join(folder, 'data', 'postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  await first.close()
  // The state after a crash or a container restart: the file's id now belongs to another process.
  await writeFile(pidFile, [process.ppid, ...lines.slice(1)].join('\n'))
  const again = await openEmbeddedPostgres(folder)
  expect(await ask(again.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }])
  await again.close()
})
