import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConsole } from './console.ts'

let folder: string
let server: Server
let at: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<title>console</title>')
  await writeFile(join(folder, 'assets/index-abc.js'), 'plain')
  await writeFile(join(folder, 'assets/index-abc.js.br'), 'compressed')
  await writeFile(join(tmpdir(), 'secret.txt'), 'secret')
  const find = openConsole(folder, 'https://media.example')!
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    const route = find(url.pathname)
    if (route) void route.handle(request, response, url, undefined)
    else response.writeHead(404).end('elsewhere')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

test.each(['/', '/items/med-1', '/imports', '/imports/run-1', '/overview'])(
  '%s is the page',
  async (path) => {
    const answer = await fetch(at + path)
    expect(await answer.text()).toBe('<title>console</title>')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("img-src 'self' data: https://media.example")
    expect(policy).not.toContain('unsafe')
  },
)

test('assets are kept for ever, and sent compressed', async () => {
  const answer = await fetch(`${at}/assets/index-abc.js`, { headers: { 'accept-encoding': 'identity' } })
  expect(answer.headers.get('cache-control')).toContain('immutable')
  expect(await answer.text()).toBe('plain')
  const compressed = await fetch(`${at}/assets/index-abc.js`, {
    method: 'HEAD',
    headers: { 'accept-encoding': 'br' },
  })
  expect(compressed.headers.get('content-encoding')).toBe('br')
})

test.each(['/assets/%2e%2e/%2e%2e/secret.txt', '/assets/none.js', '/items', '/secret.txt'])(
  'there is nothing at %s',
  async (path) => expect((await fetch(at + path)).status).toBe(404),
)

test('what nobody has built is not served', () => {
  expect(openConsole(join(folder, 'assets'), 'https://media.example')).toBeUndefined()
  expect(openConsole(undefined, 'https://media.example')).toBeUndefined()
})
