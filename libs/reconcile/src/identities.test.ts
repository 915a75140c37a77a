import { readMediaUrl } from '@mediakeep/media-url'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PostIdentity } from './identities.ts'
import { reconcile, type Reconciliation } from './reconcile.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

let reads = 0
function readPostIdentity(rawJson: string): PostIdentity | undefined {
  reads++
  const { on = 'linkedin', id } = JSON.parse(rawJson) as { on?: string; id?: string }
  return id === undefined ? undefined : { platform: on, identity: id }
}

const run = (batchSize?: number): Promise<Reconciliation> =>
  reconcile(database, { readMediaUrl, readPostIdentity, ...(batchSize ? { batchSize } : {}) })

async function insert(id: string, json: object | null, platform: string | null = 'linkedin'): Promise<void> {
  await database.query(
    `INSERT INTO posts (post_id, urn, platform, posted_at_timestamp, raw_json) VALUES ($1, $1, $2, 0, $3)`,
    [id, platform, json && JSON.stringify(json)],
  )
}

async function sourceIds(): Promise<Record<string, string | null>> {
  const { rows } = await database.query<{ post_id: string; source_id: string | null }>(
    'SELECT post_id, source_id FROM posts',
  )
  return Object.fromEntries(rows.map((row) => [row.post_id, row.source_id]))
}

test.each([1, 2, 500])('posts get the source id that their JSON says, %i a batch', async (batchSize) => {
  await insert('p-1', { id: '1' })
  await insert('p-2', { id: '2' }, null)
  await insert('p-3', { id: '1', on: 'x' }, 'x')
  await insert('p-4', { id: '4', on: 'x' }, 'forum')
  await insert('p-5', {})
  await insert('p-6', null)
  expect(await run(batchSize)).toMatchObject({ identified: 3 })
  expect(await sourceIds()).toEqual({
    'p-1': '1',
    'p-2': '2',
    'p-3': '1',
    'p-4': null,
    'p-5': null,
    'p-6': null,
  })
})

test.each([1, 500])('of doubles, only the first gets it, %i a batch', async (batchSize) => {
  await insert('p-2', { id: '1' }, null)
  await insert('p-1', { id: '1' })
  expect(await run(batchSize)).toMatchObject({ identified: 1 })
  await insert('p-0', { id: '1' })
  expect(await run(batchSize)).toMatchObject({ identified: 0 })
  expect(await sourceIds()).toEqual({ 'p-0': null, 'p-1': '1', 'p-2': null })
})

test('each post is read once, whatever its JSON says', async () => {
  for (const [id, json] of [
    ['p-1', { id: '1' }],
    ['p-2', { id: '1' }],
    ['p-3', {}],
  ] as const)
    await insert(id, json)
  reads = 0
  await run()
  await run()
  expect(reads).toBe(3)
})
