import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'
import { ManifestError, readPersistedOperations } from './persisted-operations.ts'

const LISTED = 'query Stats { mediaStats { mediaCount } }'

let db: TestDatabase
let folder: string
let only: TestApi
let both: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-manifest-'))
  const documents = await readPersistedOperations(await manifest({ stats: LISTED }))
  only = await startTestApi(db, { persisted: { documents, only: true } })
  both = await startTestApi(db, { persisted: { documents, only: false } })
})
afterAll(async () => {
  await only.close()
  await both.close()
  await db.drop()
  await rm(folder, { recursive: true })
})

async function manifest(value: unknown): Promise<string> {
  const path = join(folder, 'operations.json')
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

async function send(api: TestApi, body: object): Promise<[number, unknown]> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return [response.status, ((await response.json()) as { data?: unknown }).data]
}

const data = { mediaStats: { mediaCount: 3 } }
const apollo = (sha256Hash: string): object => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
})

test('a listed operation runs by its id, however it is sent', async () => {
  for (const api of [only, both])
    for (const body of [
      { documentId: 'stats' },
      apollo('stats'),
      { documentId: 'stats', operationName: 'Stats' },
    ])
      expect(await send(api, body)).toEqual([200, data])
  const got = await fetch(`${only.url}/graphql?documentId=stats`)
  expect(await got.json()).toEqual({ data })
})

test('nothing else runs where only listed ones may: not by text, not even by that of a listed one', async () => {
  for (let round = 0; round < 6; round++) await send(only, { documentId: 'stats' })
  for (const body of [
    { query: LISTED },
    { query: '{ __typename }' },
    { documentId: 'other' },
    apollo('other'),
    {},
  ]) {
    const [answer, statements] = await only.statements(() => send(only, body))
    expect([answer[1], statements]).toEqual([undefined, 0])
  }
  const got = await fetch(`${only.url}/graphql?query=${encodeURIComponent('{ __typename }')}`)
  expect(await got.json()).not.toHaveProperty('data')
})

test('a subscription that is not listed streams nothing', async () => {
  for (const body of [{ query: 'subscription { mediaStatusChanged { cursor } }' }, { documentId: 'other' }]) {
    const response = await fetch(`${only.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(body),
    })
    expect(await response.text()).not.toMatch(/"data"|cursor/)
  }
})

test('otherwise other operations run as well', async () => {
  expect(await send(both, { query: '{ __typename }' })).toEqual([200, { __typename: 'Query' }])
  expect((await send(both, { documentId: 'other' }))[1]).toBe(undefined)
})

test('Apollo’s manifest is read as well', async () => {
  const path = await manifest({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'a1', name: 'Stats', type: 'query', body: LISTED }],
  })
  expect(await readPersistedOperations(path)).toEqual(new Map([['a1', LISTED]]))
})

test.each([
  ['no JSON', 'operations'],
  ['no manifest', [1, 2]],
  ['an operation that does not parse', { broken: '{' }],
  ['an operation of another schema', { foreign: '{ users { id } }' }],
])('%s is refused at start', async (_what, value) => {
  await expect(readPersistedOperations(await manifest(value))).rejects.toThrow(ManifestError)
})

test('a manifest that is not there is refused at start', async () => {
  await expect(readPersistedOperations(join(folder, 'nothing.json'))).rejects.toThrow(ManifestError)
})
