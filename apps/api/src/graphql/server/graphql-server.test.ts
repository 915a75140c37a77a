import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { createToken } from '@mediakeep/access'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let guardedDb: TestDatabase
let api: TestApi
let production: TestApi
/** A server with every check enabled that may refuse a request. */
let guarded: TestApi
let secret: string

beforeAll(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db, {
    readStats: () => Promise.reject(new Error('secret of the database at 10.0.0.1')),
  })
  production = await startTestApi(db, { isProduction: true })
  guardedDb = await createTestDatabase()
  secret = (await createToken(guardedDb, { name: 'reader', scopes: ['read'], createdBy: 'a test' })).secret
  guarded = await startTestApi(guardedDb, { publicUrl: 'https://media.example', requestsPerMinute: 6000 })
})
afterAll(async () => {
  await api.close()
  await production.close()
  await guarded.close()
  await db.drop()
  await guardedDb.drop()
})

describe('graphql-http audit', () => {
  for (const audit of serverAudits({ url: () => `${api.url}/graphql` }))
    test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn()
      expect(result.status, 'reason' in result ? result.reason : undefined).toBe('ok')
    })
})

describe('graphql-http audit, with tokens and limits', () => {
  const fetchFn = (url: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url, { ...init, headers: { ...(init.headers as object), authorization: `Bearer ${secret}` } })
  for (const audit of serverAudits({ url: () => `${guarded.url}/graphql`, fetchFn }))
    test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn()
      expect(result.status, 'reason' in result ? result.reason : undefined).toBe('ok')
    })
})

test('an error of ours is masked, with an id that the log bears', async () => {
  for (let round = 0; round < 6; round++) {
    const answer = await api.answer(`{ mediaStats { mediaCount } }`)
    const [error] = answer.errors!
    expect(JSON.stringify(answer)).not.toMatch(/secret|stack|\.ts/)
    expect(error!.extensions?.['code']).toBe('INTERNAL_SERVER_ERROR')
    const logged = api.logged.find(({ details }) => details['errorId'] === error!.extensions?.['errorId'])
    expect((logged?.details['err'] as Error).message).toContain('10.0.0.1')
  }
})

test('introspection and GraphiQL are for development', async () => {
  const introspection = `{ __schema { queryType { name } } }`
  expect(await api.ask(introspection)).toEqual({ __schema: { queryType: { name: 'Query' } } })
  expect((await production.answer(introspection)).errors?.[0]?.message).toContain('introspection')
  const page = async (of: TestApi): Promise<string> =>
    (await fetch(`${of.url}/graphql`, { headers: { accept: 'text/html' } })).text()
  expect(await page(api)).toContain('<html')
  expect(await page(production)).not.toContain('<html')
})

test.each([
  [
    'levels',
    `{ mediaItems { nodes { post { media { nodes { ${'post { media { nodes { '.repeat(5)} id ${'} } }'.repeat(5)} } } } } } }`,
  ],
  [
    'aliases',
    `{ ${Array.from({ length: 31 }, (_, n) => `mediaItem(id: "med-1") { a${n}: id }`).join(' ')} }`,
  ],
  [
    'root fields',
    `{ ${Array.from({ length: 21 }, (_, n) => `a${n}: mediaItem(id: "1") { id }`).join(' ')} }`,
  ],
  ['directives', `{ mediaItem(id: "1") { id ${'@include(if: true)'.repeat(31)} } }`],
  [
    'aliases',
    `{ ...A ...A } fragment A on Query { ${Array.from({ length: 16 }, (_, n) => `mediaItem(id: "1") { a${n}: id }`).join(' ')} }`,
  ],
])('too many %s are refused before anything runs', async (what, query) => {
  const [answer, statements] = await api.statements(() => api.answer(query))
  expect(answer.errors?.map((error) => error.message).join()).toContain(what)
  expect(statements).toBe(0)
})

test('pages within pages are counted, and refused before anything runs', async () => {
  const query = `query ($n: Int) { posts(first: $n) { nodes { media(first: $n) { nodes { duplicates(first: $n) {
    nodes { id } } } } } } }`
  for (let round = 0; round < 6; round++) expect((await api.answer(query, { n: 2 })).errors).toBe(undefined)
  const [answer, statements] = await api.statements(() => api.answer(query, { n: 100 }))
  expect(answer.errors![0]!.extensions).toEqual({ code: 'OPERATION_TOO_COMPLEX' })
  expect([answer.data, statements]).toEqual([undefined, 0])
})

test('so are those of a subscription, which comes with every event', async () => {
  const below = 'duplicates(first: 100) { nodes { '.repeat(3)
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({
      query: `subscription { mediaStatusChanged { media { ${below} id ${'} }'.repeat(3)} } } }`,
    }),
  })
  expect(await response.text()).toContain('OPERATION_TOO_COMPLEX')
})

test('a page holds a hundred', async () => {
  for (const size of ['first: 101', 'last: 101', 'first: -1'])
    expect((await api.answer(`{ mediaItems(${size}) { nodes { id } } }`)).errors![0]!.message).toContain(
      '100',
    )
})

test('operations come one at a time', async () => {
  const [response, statements] = await api.statements(() =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        { query: '{ mediaItems { nodes { id } } }' },
        { query: '{ mediaItems { nodes { id } } }' },
      ]),
    }),
  )
  expect([response.status, statements]).toEqual([400, 0])
  expect(await response.json()).not.toHaveProperty('data')
})

test('in production, error messages suggest nothing', async () => {
  const guess = '{ mediaItem(id: "med-1") { mediaTyp } mediaItms { nodes { id } } }'
  const messages = async (of: TestApi): Promise<string> =>
    (await of.answer(guess)).errors!.map(({ message }) => message).join()
  expect(await messages(api)).toContain('Did you mean')
  expect(await messages(production)).toContain('Cannot query field')
  expect(await messages(production)).not.toMatch(/Did you mean|mediaType|mediaItems/)
})

test('too many tokens, and a body too large, are refused', async () => {
  const tokens = await api.answer(`{ ${'__typename '.repeat(2001)} }`)
  expect(tokens.errors?.[0]?.message).toContain('tokens')
  const large = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ __typename } # ${'x'.repeat(4 * 1024 ** 2)}` }),
  })
  expect(large.status).toBe(413)
})

test('a body that never ends is refused while it comes, and not kept', async () => {
  const answered = Promise.withResolvers<number | undefined>()
  const headers = { 'content-type': 'application/json' }
  const sent = request(`${api.url}/graphql`, { method: 'POST', headers }, (response) => {
    response.resume()
    answered.resolve(response.statusCode)
  })
  sent.on('error', answered.reject)
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const more = setInterval(() => sent.write(chunk), 1)
  onTestFinished(() => {
    clearInterval(more)
    sent.destroy()
  })
  expect(await answered.promise).toBe(413)
})

test('what a page of another site can send without asking is refused', async () => {
  const query = 'mutation { downloadMedia(input: { mediaIds: ["med-1"] }) { __typename } }'
  const send = (type: string, body: string): Promise<Response> =>
    fetch(`${api.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body })
  const form = new URLSearchParams({ query }).toString()
  expect((await send('application/x-www-form-urlencoded', form)).status).toBe(415)
  expect((await send('text/plain', JSON.stringify({ query }))).status).toBe(415)
  expect((await send('multipart/form-data; boundary=x', '--x--')).status).toBe(403)
  const bare = new Blob([JSON.stringify({ query })])
  expect(bare.type).toBe('')
  expect((await fetch(`${api.url}/graphql`, { method: 'POST', body: bare })).status).toBe(400)
  const got = await fetch(`${api.url}/graphql?query=${encodeURIComponent(query)}`)
  expect(got.status).toBe(405)
  expect(got.headers.get('access-control-allow-origin')).toBeNull()
})

test('a request for a WebSocket is answered as any other, and nothing is upgraded', async () => {
  const answer = await get(`${api.url}/graphql`, WEBSOCKET)
  expect(answer).toEqual(await get(`${api.url}/graphql`))
  expect(answer.body).toContain('"errors"')
  expect(await api.ask('{ __typename }')).toEqual({ __typename: 'Query' })
})

/** The headers of a browser's WebSocket handshake. */
const WEBSOCKET = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'graphql-transport-ws',
}

function get(url: string, headers = {}): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject)
    })
    sent.on('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new Error('The connection was upgraded'))
    })
    sent.on('error', reject)
    sent.end()
  })
}
