import { readFile } from 'node:fs/promises'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { buildSchema, isObjectType, type GraphQLObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { SCHEMA_FILE } from '../print-schema.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 20, 6)
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

interface Items {
  readonly mediaItems: { readonly nodes: Record<string, unknown>[] }
}
const find = async (filter: object, fields = 'id'): Promise<Record<string, unknown>[]> =>
  (
    await api.ask<Items>(
      `query ($filter: MediaFilter) { mediaItems(first: 100, filter: $filter) { nodes { ${fields} } } }`,
      { filter },
    )
  ).mediaItems.nodes

test('each filter narrows as its column says', async () => {
  await db.query(
    `UPDATE post_media SET archive_url = 's3://b/k', media_type = 'video' WHERE media_id = 'med-00000005'`,
  )
  await db.query(`UPDATE post_media SET source_host = 'h:1', role = 'avatar' WHERE media_id = 'med-00000006'`)
  const count = async (filter: object): Promise<number> => (await find(filter)).length
  expect(await count({ type: 'video' })).toBe(1)
  expect(await count({ archived: true })).toBe(1)
  expect(await count({ archived: true, type: 'image' })).toBe(0)
  expect(await count({ host: 'h:1' })).toBe(1)
  expect(await count({ role: 'avatar' })).toBe(1)
  expect(await count({ fate: 'expired' })).toBe(40)
  expect(await count({ postId: 'p-00000003' })).toBe(6)
  expect(await count({ author: 'author2' })).toBe(24)
  expect(await count({ platform: 'elsewhere' })).toBe(0)
  expect(await count({ text: 'number7' })).toBe(6)
  expect(await count({ text: '"about number7" or number8' })).toBe(12)
  expect(await count({ md5Sum: '01'.repeat(16) })).toBe(await count({ sha256Sum: '01'.repeat(32) }))
  expect(await count({ postedAfter: '2025-07-15', postedBefore: '2025-08-01' })).toBe(30)
  expect(await count({ createdBefore: '2026-01-01T12:00:00Z' })).toBe(0)
})

test('what old writers leave is read as it is meant', async () => {
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, file_size, ai_analysis_status)
     VALUES ('med-0000aaaa', 'p-00000001', 'image', 'https://old.example/', 7, 'pending'),
       ('med-0000bbbb', 'p-00000001', 'image', 'https://old.example/', 8, NULL)`,
  )
  const fields = 'aiAnalysisStatus aiAnalysisLog fileSize jsonPointers role url'
  for (const [id, fileSize] of [
    ['med-0000aaaa', 7],
    ['med-0000bbbb', 8],
  ]) {
    const { mediaItem } = await api.ask<{ mediaItem: object }>(`{ mediaItem(id: "${id}") { ${fields} } }`)
    expect(mediaItem).toEqual({
      ...{
        aiAnalysisStatus: 'not_started',
        aiAnalysisLog: [],
        fileSize,
        jsonPointers: [],
        role: null,
        url: null,
      },
    })
  }
  const ids = (await find({ status: 'not_started' })).map((node) => node['id'])
  expect(ids).toContain('med-0000bbbb')
  await db.query(`DELETE FROM post_media WHERE media_url = 'https://old.example/'`)
})

test.each([
  ['still being fetched: its checksums are known before its file is there', `fate = 'waiting'`, false],
  ['fetched', `fate = 'fetched'`, true],
  ['fetched again, and here', `fate = 'waiting', fetched_at = now()`, true],
  ['archived', `fate = 'gone', archive_url = 's3://b/k'`, true],
  ['rejected', `fate = 'rejected', fetched_at = now()`, false],
  ['left by an older tool', `fate = 'waiting', sha256_sum = NULL`, true],
])('a link is given only to what is here: %s', async (_what, values, isHere) => {
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, sha256_sum, local_file_path, source_host)
     VALUES ('med-0000eeee', 'p-00000001', 'image', 'https://link.example/', repeat('e', 64), 'images/e.jpg', 'link')`,
  )
  await db.query(`UPDATE post_media SET ${values} WHERE media_id = 'med-0000eeee'`)
  for (const field of ['url', 'thumbnailUrl']) {
    const [node] = await find({ host: 'link' }, field)
    expect(typeof node?.[field]).toBe(isHere ? 'string' : 'object')
  }
  await db.query(`DELETE FROM post_media WHERE media_id = 'med-0000eeee'`)
})

test('sizes beyond 32 bits are numbers', async () => {
  await db.query(`UPDATE post_media SET byte_size = 5000000000 WHERE media_id = 'med-00000004'`)
  expect(await api.ask(`{ mediaItem(id: "med-00000004") { fileSize } }`)).toEqual({
    mediaItem: { fileSize: 5_000_000_000 },
  })
})

test('node finds rows by their own ids; the id of a merged one means its survivor', async () => {
  await db.query(
    `INSERT INTO mediakeep.merged_media (media_id, survivor_id, merged_row)
     VALUES ('med-0000cccc', 'med-0000dddd', '{}'), ('med-0000dddd', 'med-00000002', '{}')`,
  )
  const node = (id: string): Promise<unknown> =>
    api.ask(
      `{ node(id: "${id}") { __typename id ... on Media { mediaUrl post { urn } } ... on Post { urn } } }`,
    )
  const survivor = {
    __typename: 'Media',
    id: 'med-00000002',
    mediaUrl: 'https://media.example/2',
    post: { urn: 'urn:3' },
  }
  expect(await node('med-00000002')).toEqual({ node: survivor })
  expect(await node('med-0000cccc')).toEqual({ node: survivor })
  expect(await node('p-00000003')).toEqual({ node: { __typename: 'Post', id: 'p-00000003', urn: 'urn:3' } })
  expect(await node('med-ffffffff')).toEqual({ node: null })
  expect((await api.answer(`{ node(id: "x") { id } }`)).errors?.[0]?.extensions?.['code']).toBe(
    'BAD_USER_INPUT',
  )
})

test('every field alone is what it is among all: its columns are read', async () => {
  const schema = buildSchema(await readFile(SCHEMA_FILE, 'utf8'))
  const plain = (name: string): string[] =>
    Object.values((schema.getType(name) as GraphQLObjectType).getFields())
      .filter((field) => !isObjectType(leaf(field.type)))
      .map((field) => field.name)
  const lists = { Media: 'mediaItems(first: 3)', Post: 'posts(first: 3)' }
  for (const [type, list] of Object.entries(lists)) {
    const read = async (fields: string): Promise<Record<string, unknown>[]> =>
      Object.values(
        await api.ask<Record<string, { nodes: Record<string, unknown>[] }>>(
          `{ ${list} { nodes { ${fields} } } }`,
        ),
      )[0]!.nodes
    const all = await read(plain(type).join(' '))
    for (const field of plain(type))
      expect(await read(field)).toEqual(all.map((node) => ({ [field]: node[field] })))
  }
})

function leaf(type: unknown): unknown {
  const inner = (type as { ofType?: unknown }).ofType
  return inner === undefined ? type : leaf(inner)
}

const nested = (breadth: number): string => `{
  mediaItems(first: ${breadth}) { edges { node { id post { urn
    media(first: 3) { nodes { id post { authorUsername } duplicates(first: 2) { edges { node { id post { urn
      snapshots(first: 1) { nodes { id } } } } } } } } } } } }
  posts(first: ${breadth}) { nodes { urn media(first: 2) { nodes { id post { urn } } pageInfo { hasNextPage } } } }
  duplicateGroups(first: ${breadth}) { nodes { mediaCount media(first: 2) { nodes { post { urn } } } } } }`

test('as many statements for a hundred rows as for one, at any depth, compiled or not', async () => {
  for (let round = 0; round < 6; round++) {
    const [, one] = await api.statements(() => api.ask(nested(1)))
    const [, many] = await api.statements(() => api.ask(nested(100)))
    expect(many).toBe(one)
    expect(one).toBe(8)
  }
})

test('a page of media with their posts is one statement', async () => {
  const [, statements] = await api.statements(() =>
    api.ask(
      `{ mediaItems(first: 50) { edges { cursor node { id mimeType post { urn textContent } } } pageInfo { endCursor } } }`,
    ),
  )
  expect(statements).toBe(1)
})

test('a compiled query answers as the first ones did, errors too', async () => {
  const query = `query ($id: ID!, $text: String, $with: Boolean!) {
    mediaItem(id: $id) { ...F post @include(if: $with) { urn } }
    posts(first: 1, filter: { text: $text }) @skip(if: $with) { totalCount }
    broken: node(id: "none") { id } }
    fragment F on Media { id aiAnalysisLog thumbnailUrl(width: 100) fate }`
  const answers = []
  for (let round = 0; round < 7; round++) {
    const { data, errors } = await api.answer(query, { id: 'med-00000001', with: true })
    answers.push({ data, errors: errors?.map(({ message, extensions }) => ({ message, extensions })) })
  }
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(answers[0]).toMatchObject({ data: { mediaItem: { fate: 'fetched' }, broken: null } })
})

test("text that PostgreSQL refuses is the client's to mend", async () => {
  const { errors } = await api.answer(`query ($t: String) { posts(filter: { text: $t }) { nodes { id } } }`, {
    t: 'a\0b',
  })
  expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
})

test('engagement snapshots and runs of the older tool are read', async () => {
  await db.query(
    `INSERT INTO download_runs (run_id, started_at, status, posts_fetched, posts_new) VALUES ('run-00000009', now(), 'completed', 5, 2)`,
  )
  await db.query(
    `INSERT INTO data_downloads (download_id, post_id, run_id, downloaded_at, total_reactions)
     SELECT 'dl-0000000' || n, 'p-00000001', 'run-00000009', now() + n * interval '1 day', n FROM generate_series(1, 3) n`,
  )
  const read = await api.ask<Record<string, unknown>>(
    `{ importRun(id: "run-00000009") { status postsProcessed postsNew mediaFound files rejectedPosts { nodes { code } } }
       importRuns { nodes { id postsNew } }
       post(id: "p-00000001") { snapshots(first: 2) { nodes { totalReactions } } } }`,
  )
  expect(read).toEqual({
    importRun: {
      status: 'completed',
      postsProcessed: 5,
      postsNew: 2,
      mediaFound: 0,
      files: [],
      rejectedPosts: { nodes: [] },
    },
    importRuns: { nodes: [{ id: 'run-00000009', postsNew: 2 }] },
    post: { snapshots: { nodes: [{ totalReactions: 3 }, { totalReactions: 2 }] } },
  })
})
