import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api.fixture.ts'

let db: TestDatabase
let api: TestApi
let production: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db, {
    readStats: () => Promise.reject(new Error('secret of the database at 10.0.0.1')),
  })
  production = await startTestApi(db, { isProduction: true })
})
afterAll(async () => {
  await api.close()
  await production.close()
  await db.drop()
})

describe('graphql-http audit', () => {
  for (const audit of serverAudits({ url: () => `${api.url}/graphql` }))
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

test('too many tokens, and a body too large, are refused', async () => {
  const tokens = await api.answer(`{ ${'__typename '.repeat(2001)} }`)
  expect(tokens.errors?.[0]?.message).toContain('tokens')
  const large = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ __typename } # ${'x'.repeat(1024 ** 2)}` }),
  })
  expect(large.status).toBe(413)
})

test('what a page of another site can send without asking is refused', async () => {
  const query = 'mutation { downloadMedia(input: { mediaIds: ["med-1"] }) { __typename } }'
  const send = (type: string, body: string): Promise<Response> =>
    fetch(`${api.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body })
  const form = new URLSearchParams({ query }).toString()
  expect((await send('application/x-www-form-urlencoded', form)).status).toBe(415)
  expect((await send('text/plain', JSON.stringify({ query }))).status).toBe(415)
  expect((await send('multipart/form-data; boundary=x', '--x--')).status).toBe(403)
  const got = await fetch(`${api.url}/graphql?query=${encodeURIComponent(query)}`)
  expect(got.status).toBe(405)
  expect(got.headers.get('access-control-allow-origin')).toBeNull()
})
