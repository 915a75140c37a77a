import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createToken } from '@mediakeep/access'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'
import { Documents } from './documents.ts'

let db: TestDatabase
let guardedDb: TestDatabase
let api: TestApi
let guarded: TestApi
let secret: string

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 6, 2)
  api = await startTestApi(db)
  guardedDb = await createTestDatabase()
  secret = (await createToken(guardedDb, { name: 'reader', scopes: ['read'], createdBy: 'a test' })).secret
  guarded = await startTestApi(guardedDb, { live: { maxClientsPerViewer: 2 } })
})
afterAll(async () => {
  await api.close()
  await guarded.close()
  await db.drop()
  await guardedDb.drop()
})

function post(to: TestApi, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${to.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

async function refusalOf(response: Response): Promise<[number, unknown]> {
  const { errors } = (await response.json()) as { errors?: { extensions?: { code?: unknown } }[] }
  return [response.status, errors?.[0]?.extensions?.code]
}

describe('sizes', () => {
  test('a query text has a limit', async () => {
    const query = `{ __typename } # ${'x'.repeat(100_000)}`
    expect(await refusalOf(await post(api, { query }))).toEqual([400, 'QUERY_TOO_LARGE'])
  })

  test('documents are kept up to so many bytes, those used last the longest', () => {
    const documents = new Documents(100_000)
    const texts = Array.from({ length: 500 }, (_, n) => `{ a${n}: __typename b${n}: __typename }`)
    for (const text of texts) {
      documents.add(text, parse(text))
      documents.get(texts[0]!)
      expect(documents.bytes).toBeLessThanOrEqual(100_000)
    }
    expect([texts[0]!, texts[1]!, texts.at(-1)!].map((text) => documents.get(text) !== undefined)).toEqual([
      true,
      false,
      true,
    ])
  })

  test.each([
    ['list', { mediaIds: Array.from({ length: 20_001 }, () => 'med-1') }],
    ['text', { postId: 'x'.repeat(70_000) }],
  ])('a %s of a variable has a limit, whichever input it is for', async (_what, filter) => {
    const query =
      'subscription ($filter: MediaStatusFilter) { mediaStatusChanged(filter: $filter) { cursor } }'
    const response = await post(api, { query, variables: { filter } }, { accept: 'text/event-stream' })
    const body = await response.text()
    expect([body.includes('BAD_USER_INPUT'), body.includes('more than')]).toEqual([true, true])
  })

  test('a token may have so many streams, and no more until one ends', async () => {
    const headers = { authorization: `Bearer ${secret}`, accept: 'text/event-stream' }
    const open = (): Promise<Response> =>
      post(guarded, { query: 'subscription { mediaStatusChanged { cursor } }' }, headers)
    const streams = [await open(), await open()]
    expect(await refusalOf(await open())).toEqual([429, 'TOO_MANY_STREAMS'])
    await streams[0]!.body!.cancel()
    await expect
      .poll(async () => {
        const again = await open()
        await again.body?.cancel()
        return again.status
      })
      .toBe(200)
    await streams[1]!.body!.cancel()
  })

  test('an answer has a limit in bytes, which the error names', async () => {
    await db.query(`UPDATE posts SET raw_json = repeat('x', 2000000)`)
    const aliases = Array.from({ length: 4 }, (_, n) => `a${n}: posts(first: 6) { nodes { rawJson } }`).join(
      ' ',
    )
    const response = await post(api, { query: `{ ${aliases} }` })
    expect(response.status).toBe(400)
    const { errors, data } = (await response.json()) as { errors: { extensions: object }[]; data?: unknown }
    expect([data, errors.length, errors[0]!.extensions]).toEqual([
      undefined,
      1,
      { code: 'ANSWER_TOO_LARGE', limit: 32 * 1024 ** 2 },
    ])
    expect((await post(api, { query: '{ posts(first: 6) { nodes { rawJson } } }' })).status).toBe(200)
    await db.query(`UPDATE posts SET raw_json = NULL`)
  })
})

test('a body that breaks off is no failure of the server', async () => {
  const before = api.logged.length
  const sent = request(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': '1000' },
  })
  sent.on('error', () => undefined)
  sent.write('{"query":')
  await sleep(200)
  sent.destroy()
  await sleep(300)
  expect(api.logged.slice(before)).toEqual([])
})

describe('input', () => {
  test.each([
    ['an id of a type that is a property of every object', '{ node(id: "constructor-1") { id } }', {}],
    [
      'a variable of the wrong type',
      'query ($n: Int) { mediaItems(first: $n) { nodes { id } } }',
      { n: 'many' },
    ],
    [
      'a search of three million characters',
      'query ($f: MediaFilter) { mediaItems(filter: $f) { nodes { id } } }',
      { f: { search: 'x '.repeat(1_500_000) } },
    ],
    [
      'a search of two thousand characters',
      'query ($f: PostFilter) { posts(filter: $f) { nodes { id } } }',
      { f: { text: 'x '.repeat(1000) } },
    ],
  ])('%s is the client’s to mend, the first time and the tenth', async (_what, query, variables) => {
    for (let round = 0; round < 6; round++) {
      const [status, code] = await refusalOf(await post(api, { query, variables }))
      expect([code, status < 500]).toEqual(['BAD_USER_INPUT', true])
    }
  })
})

describe('rows of other programs', () => {
  test('a value that cannot be sent is null, with an error of its own, and the list stays', async () => {
    await db.query(`UPDATE posts SET posted_at_timestamp = 9000000000000000000 WHERE post_id = 'p-00000001'`)
    await db.query(
      `UPDATE post_media SET created_at = 'infinity', json_pointers = ARRAY['/a', NULL],
         ai_analysis = repeat('[', 5000) || repeat(']', 5000) WHERE media_id = 'med-00000001'`,
    )
    const { data, errors } = await api.answer(`{
      posts(first: 6) { nodes { id postedAt postedAtTimestamp } }
      mediaItems(first: 20) { nodes { id createdAt jsonPointers aiAnalysis } } }`)
    const lists = data as Record<'posts' | 'mediaItems', { nodes: Record<string, unknown>[] }>
    expect([lists.posts.nodes.length, lists.mediaItems.nodes.length]).toEqual([6, 12])
    const post = lists.posts.nodes.find(({ id }) => id === 'p-00000001')
    expect(post).toEqual({ id: 'p-00000001', postedAt: null, postedAtTimestamp: null })
    const media = lists.mediaItems.nodes.find(({ id }) => id === 'med-00000001')
    expect(media).toEqual({ id: 'med-00000001', createdAt: null, jsonPointers: null, aiAnalysis: null })
    expect(errors).toHaveLength(5)
    const codes = errors!.map(({ extensions }) => extensions?.['code'])
    expect(codes.filter((code) => code === 'UNREPRESENTABLE_VALUE').length).toBeGreaterThanOrEqual(4)
  })
})

describe('a proxy before a server without tokens', () => {
  test.each(['x-forwarded-for', 'X-Forwarded-Host', 'forwarded', 'via'])(
    '%s is refused, with the way out',
    async (header) => {
      const response = await post(api, { query: '{ __typename }' }, { [header]: '203.0.113.7' })
      const { errors } = (await response.json()) as { errors: { message: string }[] }
      expect([response.status, errors[0]!.message]).toEqual([403, expect.stringContaining('token create')])
    },
  )

  test('with a token it is let in', async () => {
    const headers = { authorization: `Bearer ${secret}`, 'x-forwarded-for': '203.0.113.7', via: '1.1 proxy' }
    expect((await post(guarded, { query: '{ __typename }' }, headers)).status).toBe(200)
  })
})

test('without its database the server says so, in JSON, and when to come again', async () => {
  const refused = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }))
  const counting = await startTestApi(db, { readStats: refused })
  const query = '{ mediaStats { mediaCount } }'
  expect(await refusalOf(await post(counting, { query }))).toEqual([503, 'DATABASE_UNAVAILABLE'])
  await counting.close()
  let isAway = false
  const away = await startTestApi(
    {
      ...db,
      query: (...given: Parameters<typeof db.query>) => (isAway ? refused() : db.query(...given)),
    },
    { identityProvider: undefined },
  )
  isAway = true
  const response = await post(away, { query }, { authorization: `Bearer mk_${'x'.repeat(43)}` })
  expect(response.headers.get('retry-after')).toBe('5')
  expect(await refusalOf(response)).toEqual([503, 'DATABASE_UNAVAILABLE'])
  isAway = false
  await away.close()
})

test('a duplicate group is read again by its id', async () => {
  const { duplicateGroups } = await api.ask<{
    duplicateGroups: { nodes: { id: string; mediaCount: number }[] }
  }>('{ duplicateGroups(first: 1) { nodes { id mediaCount } } }')
  const [group] = duplicateGroups.nodes
  expect(
    await api.ask('query ($id: ID!) { node(id: $id) { id ... on DuplicateGroup { mediaCount } } }', {
      id: group!.id,
    }),
  ).toEqual({ node: group })
  expect(await api.ask('{ node(id: "content-nothing") { id } }')).toEqual({ node: null })
})
