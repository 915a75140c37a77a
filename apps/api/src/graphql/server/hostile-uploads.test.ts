import { readdir, readlink, stat } from 'node:fs/promises'
import { request, type ClientRequest } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { createToken } from '@mediakeep/access'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let guardedDb: TestDatabase
let api: TestApi
let guarded: TestApi
let secret: string

beforeAll(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db, {
    uploadStallMs: 1000,
    maxUploadBytes: 8 * 1024 ** 2,
    maxUploadBytesInFlight: 16 * 1024 ** 2,
  })
  guardedDb = await createTestDatabase()
  secret = (await createToken(guardedDb, { name: 'worker', scopes: ['analyze'], createdBy: 'a test' })).secret
  guarded = await startTestApi(guardedDb)
})
afterAll(async () => {
  await api.close()
  await guarded.close()
  await db.drop()
  await guardedDb.drop()
})
beforeEach(async () => {
  await vi.waitFor(async () => expect(await spooled(api)).toEqual([]), 10_000)
})

const IMPORT = 'mutation ($file: Upload) { importPosts(input: { file: $file }) { __typename } }'
const CHUNK = Buffer.alloc(64 * 1024, 'x')

function fields(query: string): string {
  const field = (name: string, value: object): string =>
    `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${JSON.stringify(value)}\r\n`
  const operations = field('operations', { query, variables: { file: null } })
  return operations + field('map', { 0: ['variables.file'] })
}

const FILE = '--x\r\ncontent-disposition: form-data; name="0"; filename="posts.json"\r\n\r\n'

interface Sent {
  readonly request: ClientRequest
  readonly answer: Promise<{ status: number | undefined; code: unknown }>
}

function send(to: TestApi, headers: Record<string, string> = {}): Sent {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Awaited<Sent['answer']>>()
  const sent = request(
    `${to.url}/graphql`,
    {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'multipart/form-data; boundary=x',
        'graphql-require-preflight': '1',
        ...headers,
      },
    },
    (response) => {
      text(response).then((body) => {
        const { errors } = JSON.parse(body) as { errors?: { extensions: { code: unknown } }[] }
        resolve({ status: response.statusCode, code: errors?.[0]?.extensions.code })
      }, reject)
    },
  )
  sent.on('error', reject)
  answer.catch(() => undefined)
  return { request: sent, answer }
}

async function spooled({ folder }: TestApi): Promise<string[]> {
  return readdir(join(folder, 'uploads')).catch(() => [])
}

async function storedBytes(to: TestApi): Promise<number> {
  const folder = join(to.folder, 'uploads')
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)))
  return sizes.reduce((sum, found) => sum + (found?.isFile() ? found.size : 0), 0)
}

/** Returns the open descriptors on the server's uploads; the server runs in this process. */
async function openUploads({ folder }: TestApi): Promise<string[]> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  return links.filter((path) => path.startsWith(join(folder, 'uploads')))
}

test.runIf(process.platform === 'linux')(
  'uploads whose clients leave keep neither file nor descriptor',
  async () => {
    for (let round = 0; round < 10; round++) {
      const sent = Array.from({ length: 4 }, () => send(api))
      for (const { request: one } of sent) {
        one.write(fields(IMPORT) + FILE)
        one.write(CHUNK)
      }
      await vi.waitFor(async () => expect((await openUploads(api)).length).toBe(4), 10_000)
      for (const { request: one } of sent) one.destroy()
      await vi.waitFor(async () => expect(await openUploads(api)).toEqual([]), 10_000)
    }
    await vi.waitFor(async () => expect(await spooled(api)).toEqual([]), 10_000)
  },
  60_000,
)

test('an operation that is not allowed is refused before a byte of its file is stored', async () => {
  const { request: sent, answer } = send(guarded, { authorization: `Bearer ${secret}` })
  sent.write(fields(IMPORT) + FILE)
  sent.write(CHUNK)
  expect(await answer).toEqual({ status: 403, code: 'FORBIDDEN' })
  expect(await spooled(guarded)).toEqual([])
  sent.destroy()
})

test.each([
  ['that takes no file', '{ __typename }', 'BAD_REQUEST'],
  ['that does not exist', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
])('an operation %s is refused before its file is stored', async (_what, query, code) => {
  const { request: sent, answer } = send(api)
  sent.write(fields(query) + FILE)
  sent.write(CHUNK)
  expect((await answer).code).toBe(code)
  expect(await spooled(api)).toEqual([])
  sent.destroy()
})

test('an upload that stalls is refused, and leaves nothing', async () => {
  const { request: sent, answer } = send(api)
  sent.write(fields(IMPORT) + FILE)
  sent.write(CHUNK)
  expect(await answer).toEqual({ status: 408, code: 'UPLOAD_STALLED' })
  await vi.waitFor(async () => expect(await spooled(api)).toEqual([]), 10_000)
  sent.destroy()
})

test('an upload that is too large is refused while it comes', async () => {
  const { request: sent, answer } = send(api)
  sent.write(fields(IMPORT) + FILE)
  for (let at = 0; at < 140; at++) sent.write(CHUNK)
  expect(await answer).toEqual({ status: 413, code: 'UPLOAD_TOO_LARGE' })
  await vi.waitFor(async () => expect(await spooled(api)).toEqual([]), 10_000)
  sent.destroy()
})

test('more uploads than are received at once are told to come again', async () => {
  const held = Array.from({ length: 8 }, () => send(api))
  for (const { request: one } of held) {
    one.write(fields(IMPORT) + FILE)
    one.write(CHUNK)
  }
  await vi.waitFor(async () => expect((await spooled(api)).length).toBe(8), 10_000)
  const { request: sent, answer } = send(api)
  sent.write(fields(IMPORT))
  expect(await answer).toEqual({ status: 503, code: 'TOO_MANY_UPLOADS' })
  for (const { request: one } of [...held, { request: sent }]) one.destroy()
})

test('a client that forgets the preflight header reads why, and not of a broken connection', async () => {
  for (let round = 0; round < 3; round++) {
    const form = new FormData()
    form.append('operations', JSON.stringify({ query: IMPORT, variables: { file: null } }))
    form.append('map', '{"0":["variables.file"]}')
    form.append('0', new Blob([Buffer.alloc(20 * 1024 ** 2)]), 'posts.json')
    const response = await fetch(`${api.url}/graphql`, { method: 'POST', body: form })
    const { errors } = (await response.json()) as { errors: { message: string }[] }
    expect([response.status, errors[0]!.message]).toEqual([
      403,
      expect.stringContaining('graphql-require-preflight'),
    ])
    await sleep(10)
  }
})

test('all uploads together have one budget of bytes, which comes back when they end', async () => {
  const held = Array.from({ length: 3 }, () => send(api))
  for (const { request: one } of held) {
    one.write(fields(IMPORT) + FILE)
    // Three times 5 MiB are within the 16 MiB of all, and each is within its own 8 MiB.
    for (let at = 0; at < 80; at++) one.write(CHUNK)
  }
  await vi.waitFor(async () => expect(await storedBytes(api)).toBeGreaterThan(14 * 1024 ** 2), 10_000)
  const { request: fourth, answer } = send(api)
  fourth.write(fields(IMPORT) + FILE)
  for (let at = 0; at < 80; at++) fourth.write(CHUNK)
  expect(await answer).toEqual({ status: 503, code: 'UPLOADS_FULL' })
  const announced = send(api, { 'content-length': String(6 * 1024 ** 2) })
  announced.request.write(fields(IMPORT))
  expect(await announced.answer).toEqual({ status: 503, code: 'UPLOADS_FULL' })
  for (const { request: one } of [...held, { request: fourth }, announced]) one.destroy()
  await vi.waitFor(async () => expect(await spooled(api)).toEqual([]), 10_000)
  const { request: next, answer: later } = send(api)
  next.end(`${fields(IMPORT)}${FILE}[]\r\n--x--\r\n`)
  expect((await later).status).toBe(200)
})
