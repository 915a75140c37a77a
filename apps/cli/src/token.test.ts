import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

let place: Installation
const servers: ChildProcess[] = []

beforeAll(async () => {
  place = await install()
})
afterAll(async () => {
  for (const server of servers) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  await place.remove()
})

interface Printed {
  readonly tokenId: string
  readonly secret: string
}

async function create(...args: string[]): Promise<Printed> {
  const { code, stdout, stderr } = await place.run('token', 'create', '--json', ...args)
  expect([code, stderr]).toEqual([0, expect.stringContaining('only this once')])
  return JSON.parse(stdout) as Printed
}

/** @returns the server's address, once it prints it */
async function serve(env: NodeJS.ProcessEnv = {}): Promise<{ url: string; said: string }> {
  const server = place.startWith(env, 'serve', '--no-worker')
  servers.push(server)
  return new Promise((resolve) => {
    let said = ''
    server.stderr!.on('data', (text: Buffer) => {
      said += text.toString()
      const url = /serves (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (url !== undefined) resolve({ url, said })
    })
  })
}

async function status(url: string, secret?: string): Promise<number> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(secret && { authorization: `Bearer ${secret}` }) },
    body: JSON.stringify({ query: '{ mediaItems { nodes { id } } }' }),
  })
  await response.text()
  return response.status
}

test('without a token: this machine only, and it says so; beyond it, the server does not start', async () => {
  const { url, said } = await serve()
  expect(said).toContain('this machine only')
  expect(await status(url)).toBe(200)
  for (const env of [{ HOST: '0.0.0.0' }, { PUBLIC_URL: 'https://media.example' }]) {
    const refused = await place.runWith(env, 'serve', '--no-worker')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('mediakeep token create')
  }
})

test('a token is made, used, listed and revoked; from the first on nobody gets in without', async () => {
  const { url } = await serve()
  expect((await place.run('token', 'create', '--name', 'x', '--scopes', 'read', '--dry-run')).code).toBe(0)
  expect(await status(url)).toBe(200)
  const { tokenId, secret } = await create('--name', 'reader', '--scopes', 'read', '--expires', '90d')
  expect(secret).toMatch(/^mk_/)
  await expect.poll(() => status(url), { timeout: 60_000 }).toBe(401)
  expect(await status(url, secret)).toBe(200)
  const listed = await place.run('token', 'list')
  expect(listed.stdout).toMatch(new RegExp(`${tokenId} +reader +read .* valid until`))
  expect(listed.stdout).not.toContain(secret.slice(3))
  expect((await place.run('token', 'create', '--name', 'reader', '--scopes', 'read')).code).toBe(1)
  const { url: wide } = await serve({ HOST: '0.0.0.0' })
  expect(await status(wide.replace('0.0.0.0', '127.0.0.1'))).toBe(401)
  expect((await place.run('token', 'revoke', 'reader', 'nobody')).code).toBe(1)
  await expect.poll(() => status(url, secret), { timeout: 60_000 }).toBe(401)
  expect(await status(url)).toBe(401)
})

test.each([
  [['create', '--name', 'x']],
  [['create', '--scopes', 'read']],
  [['create', '--name', 'x', '--scopes', 'root']],
  [['create', '--name', 'x', '--scopes', 'read', '--expires', 'yesterday']],
  [['revoke']],
])('wrong use: token %j', async (args) => {
  expect((await place.run('token', ...args)).code).toBe(2)
})
