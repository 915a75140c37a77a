import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'
import { postOrder } from './post-rows.ts'

let db: TestDatabase
let api: TestApi

/** Alternately in seconds, as the original tool stores YouTube and Substack posts, and in milliseconds. */
const PLATFORMS = ['youtube', 'linkedin', 'substack', 'x']
const COUNT = 12

beforeAll(async () => {
  db = await createTestDatabase()
  await db.query(
    `INSERT INTO posts (post_id, urn, platform, posted_at_timestamp)
     SELECT 'p-' || lpad(n::text, 2, '0'), n::text, platform,
       (1700000000 + n * 3600) * CASE WHEN platform IN ('youtube', 'substack') THEN 1 ELSE 1000::bigint END
     FROM generate_series(1, $1::int) n, LATERAL (SELECT ($2::text[])[1 + n % 4] AS platform) p`,
    [COUNT, PLATFORMS],
  )
  // One that seconds cannot be converted for, and one that was stored in milliseconds all the same.
  await db.query(
    `INSERT INTO posts (post_id, urn, platform, posted_at_timestamp)
     VALUES ('p-00', '0', 'youtube', -9223372036854775808), ('p-13', '13', 'youtube', 1700046800000)`,
  )
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `p-${String(from + n).padStart(2, '0')}`)

async function walk(direction: string): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | null = null, more = true; more;) {
    const { posts }: Paged = await api.ask(
      `query ($after: String, $direction: OrderDirection) {
         posts(first: 3, after: $after, direction: $direction) { nodes { postId } pageInfo { hasNextPage endCursor } } }`,
      { after, direction },
    )
    ids.push(...posts.nodes.map(({ postId }) => postId))
    more = posts.pageInfo.hasNextPage
    after = posts.pageInfo.endCursor
  }
  return ids
}

interface Paged {
  readonly posts: {
    readonly nodes: readonly { readonly postId: string }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

test('posts in seconds and in milliseconds are in one order, page by page', async () => {
  expect(await walk('ASC')).toEqual(numbered(0, COUNT + 1))
  expect(await walk('DESC')).toEqual(numbered(0, COUNT + 1).reverse())
})

test('posts in seconds and in milliseconds are filtered by the same times', async () => {
  const [after, before] = [5, 9].map((n) => new Date((1_700_000_000 + n * 3600) * 1000).toISOString())
  const { posts }: Paged = await api.ask(
    `query ($after: DateTime, $before: DateTime) {
       posts(direction: ASC, filter: { postedAfter: $after, postedBefore: $before }) {
         nodes { postId } pageInfo { hasNextPage endCursor } } }`,
    { after, before },
  )
  expect(posts.nodes.map(({ postId }) => postId)).toEqual(numbered(5, 8))
})

test('posts are ordered and filtered by an index', async () => {
  await db.query(
    `INSERT INTO posts (post_id, urn, platform, posted_at_timestamp)
     SELECT 'q-' || n, 'q-' || n, ($1::text[])[1 + n % 4], 1800000000 + n FROM generate_series(1, 20000) n`,
    [PLATFORMS],
  )
  await db.query('VACUUM ANALYZE posts')
  const { column, key } = postOrder('DESC')
  const { rows } = await db.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (COSTS OFF) SELECT p.post_id FROM public.posts p WHERE ${column} < $1::bigint
     AND (${column}, ${key}) < ($1::bigint, 'p') ORDER BY ${column} DESC, ${key} DESC LIMIT 50`,
    [1_700_000_000_000],
  )
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('posts_posted_millis_idx')
  expect(plan).not.toMatch(/Sort|Seq Scan/)
})
