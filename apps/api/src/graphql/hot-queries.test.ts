import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api.fixture.ts'
import { encodeCursor } from '../paging/cursor.ts'

const MEDIA = 1_000_000

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seedMillion(db)
  api = await startTestApi(db)
}, 300_000)
afterAll(async () => {
  await api.close()
  await db.drop()
})

/** 1,000 rows per instant, 4 per post; of every 4 contents, 3 are shown once and 1 three times. */
async function seedMillion(db: TestDatabase): Promise<void> {
  const indexes = await db.query<{ name: string; definition: string }>(
    `SELECT schemaname || '.' || indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename IN ('post_media', 'posts', 'analyses') AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key'`,
  )
  for (const { name } of indexes.rows) await db.query(`DROP INDEX ${name}`)
  await db.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp, author_username, text_content)
     SELECT 'p-' || lpad(to_hex(n), 32, '0'), n::text, 1700000000000 + n * 1000, 'author' || n % 500, 'text of ' || n
     FROM generate_series(1, $1::int / 4) n`,
    [MEDIA],
  )
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, fate, md5_sum, sha256_sum, archive_url,
       created_at, posted_at)
     SELECT 'med-' || lpad(to_hex(n), 32, '0'), 'p-' || lpad(to_hex(1 + n % ($1::int / 4)), 32, '0'), 'image', 'https://m/' || n,
       n::text, CASE n % 100 WHEN 0 THEN 'expired' ELSE 'fetched' END, md5(content::text),
       md5(content::text) || md5(content::text), 's3://b/' || content,
       timestamptz '2026-01-01Z' + n / 1000 * interval '1 minute', timestamptz '2020-01-01Z' + n * interval '3 minutes'
     FROM generate_series(1, $1::int) n CROSS JOIN LATERAL (SELECT CASE WHEN n % 2 = 0 THEN n % 200000 ELSE n END AS content) c`,
    [MEDIA],
  )
  await db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension)
     SELECT DISTINCT sha256_sum, md5_sum, md5_sum, 1, 'image', 'image/jpeg', 'jpg' FROM post_media`,
  )
  // Each has its own text; one in a hundred contains the word "boat"; the hashes are unrelated to one another.
  await db.query(
    `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, finished_at, search_text,
       perceptual_hash)
     SELECT sha256_sum, 'facts', '1', 'image', 'completed', now(),
       'seen ' || md5_sum || CASE WHEN md5_sum < '028' THEN ' boat' ELSE '' END, ('x' || left(md5_sum, 16))::bit(64)::bigint
     FROM mediakeep.contents`,
  )
  for (const { definition } of indexes.rows) await db.query(definition)
  await db.query('VACUUM ANALYZE')
}

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Rows Removed by Filter'?: number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: Plan[]
}

/** Runs a query and returns the plans of its statements. */
async function plansOf(query: string, variables: object = {}): Promise<Plan[]> {
  const sent: { text: string; values: unknown[] }[] = []
  const send = db.pg.query.bind(db.pg) as (...given: unknown[]) => unknown
  Object.assign(db.pg, {
    query: (given: string | { text: string; values: unknown[] }, ...rest: unknown[]) => {
      sent.push(
        typeof given === 'string' ? { text: given, values: (rest[0] as unknown[] | undefined) ?? [] } : given,
      )
      return send(given, ...rest)
    },
  })
  try {
    await api.ask(query, variables)
  } finally {
    Object.assign(db.pg, { query: send })
  }
  const explained = sent.map(({ text, values }) =>
    db.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values),
  )
  return (await Promise.all(explained)).map((rows) => rows.rows[0]!['QUERY PLAN'][0].Plan)
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
const buffersOf = (plan: Plan): number => plan['Shared Hit Blocks'] + plan['Shared Read Blocks']

const page = '{ nodes { id mimeType post { urn } } }'
const id = `med-${(5000).toString(16).padStart(32, '0')}`
const hot: Record<string, string> = {
  'media, newest first': `{ mediaItems ${page} }`,
  'media, oldest first': `{ mediaItems(orderBy: { direction: ASC }) ${page} }`,
  'media by the time of their posts': `{ mediaItems(orderBy: { field: POSTED_AT }) ${page} }`,
  'content by the time of its posts': `{ mediaItems(filter: { role: content }, orderBy: { field: POSTED_AT }) ${page} }`,
  'content, oldest posts first': `{ mediaItems(filter: { role: content }, orderBy: { field: POSTED_AT, direction: ASC }) ${page} }`,
  'media backwards': `{ mediaItems(last: 50, orderBy: { direction: ASC }) ${page} }`,
  'media of a fate': `{ mediaItems(filter: { fate: expired }) ${page} }`,
  'media of an MD5': `{ mediaItems(filter: { md5Sum: "c4ca4238a0b923820dcc509a6f75849b" }) ${page} }`,
  'media of a post': `{ mediaItems(filter: { postId: "p-${'1'.padStart(32, '0')}" }) ${page} }`,
  'media of a time': `{ mediaItems(filter: { createdAfter: "2026-01-01", createdBefore: "2026-01-01T01:00:00Z" }) ${page} }`,
  'media by text': `{ mediaItems(filter: { text: "77777" }) ${page} }`,
  'media by words of many posts': `{ mediaItems(filter: { text: "text" }) ${page} }`,
  'media by words that analysers found': `{ mediaItems(filter: { search: "c4ca4238a0b923820dcc509a6f75849b" }) ${page} }`,
  'media by words of nearly all': `{ mediaItems(filter: { search: "seen" }) ${page} }`,
  'media that look like another': `{ mediaItems(filter: { similarTo: { mediaId: "${id}", maxDistance: 7 } }) ${page} }`,
  'media that look somewhat like another': `{ mediaItems(filter: { similarTo: { mediaId: "${id}", maxDistance: 11 } }) ${page} }`,
  'analyses of media': `{ mediaItems(first: 100) { nodes { analyses { status result } } } }`,
  'a media item': `{ mediaItem(id: "${id}") { id post { urn } duplicates { nodes { id } } } }`,
  posts: `{ posts { nodes { id media(first: 5) { nodes { id } } snapshots { nodes { id } } } } }`,
  'posts, oldest first': `{ posts(direction: ASC) { nodes { id } } }`,
  'posts of a time': `{ posts(filter: { postedAfter: "2023-11-15", postedBefore: "2023-11-15T01:00:00Z" }) { nodes { id } } }`,
  'posts of an author': `{ posts(filter: { author: "author7" }) { nodes { id } } }`,
  'posts by words of many': `{ posts(filter: { text: "text" }) { nodes { id } } }`,
  'posts by text': `{ posts(filter: { text: "77777" }) { nodes { id } } }`,
  'duplicate groups': `{ duplicateGroups { nodes { mediaCount media(first: 2) { nodes { id } } } } }`,
  'authors by prefix': `{ authors(prefix: "Author12") }`,
  'snippets of a search': `{ mediaItems(first: 40, filter: { search: "seen" }) { nodes { searchSnippet(search: "seen") { text } } } }`,
  'facets of all content': `{ mediaFacets(filter: { role: content }) { types { count } platforms { count } fates { count } statuses { count } } }`,
  'import runs': `{ importRuns { nodes { id } } }`,
}

/**
 * Buffer limit. At distance 11, a query has to examine 5,000 of this many unrelated hashes; facets read up to 1,000 rows
 * for each of some 16 values.
 */
function mostBuffers(query: string): number {
  if (query.includes('mediaFacets')) return 20_000
  return query.includes('maxDistance: 11') ? 8000 : 3000
}

test.each(Object.entries(hot))('%s: by index, and little is read', async (_name, query) => {
  for (const plan of await plansOf(query)) {
    // A scan that stops at its limit because nearly all rows match is fine: the buffer count shows how much it read.
    const scanned = nodesOf(plan).filter(
      (node) => node['Node Type'] === 'Seq Scan' && node['Rows Removed by Filter'] !== 0,
    )
    expect(
      scanned
        .map((node) => node['Relation Name'])
        .filter((name) => /^(posts|post_media|contents)$/.test(name!)),
    ).toEqual([])
    expect(buffersOf(plan)).toBeLessThan(mostBuffers(query))
  }
})

test.each(['', 'filter: { role: content }, '])(
  'the timeline of %s counts in an index alone',
  async (filter) => {
    const plans = await plansOf(`{ mediaTimeline(${filter}orderBy: { field: POSTED_AT }) { month count } }`)
    const reads = plans.flatMap(nodesOf).filter((node) => node['Relation Name'] === 'post_media')
    expect(reads.length).toBeGreaterThan(0)
    expect(new Set(reads.map((node) => node['Node Type']))).toEqual(new Set(['Index Only Scan']))
  },
)

test.each(['CREATED_AT', 'POSTED_AT'])('by %s, page 1,000 costs what page 1 costs', async (field) => {
  const query = `query ($after: String) { mediaItems(after: $after, orderBy: { field: ${field} }) ${page} }`
  const { rows } = await db.query<{ at: string; key: string }>(
    `SELECT trunc(extract(epoch FROM ${field}) * 1000000)::text AS at, media_id AS key FROM post_media
     ORDER BY ${field} DESC, media_id DESC OFFSET 49999 LIMIT 1`,
  )
  const after = encodeCursor(field, { value: rows[0]!.at, key: rows[0]!.key })
  // Take the most expensive plan: the server may send other statements at the same moment.
  const dearest = (plans: readonly Plan[]): number => Math.max(...plans.map(buffersOf))
  const first = dearest(await plansOf(query))
  expect(dearest(await plansOf(query, { after }))).toBeLessThan(first * 1.2 + 5)
})

test('a search that finds thousands costs on its last page what it costs on the first', async () => {
  const query = `query ($after: String) { mediaItems(after: $after, filter: { search: "boat" }) ${page} }`
  const { rows } = await db.query<{ at: string; key: string }>(
    `SELECT trunc(extract(epoch FROM created_at) * 1000000)::text AS at, media_id AS key FROM post_media
     WHERE left(md5_sum, 3) < '028' ORDER BY created_at, media_id LIMIT 1 OFFSET 60`,
  )
  const after = encodeCursor('CREATED_AT', { value: rows[0]!.at, key: rows[0]!.key })
  const first = (await plansOf(query)).at(-1)
  const last = (await plansOf(query, { after })).at(-1)
  expect(buffersOf(last!)).toBeLessThan(buffersOf(first!) * 1.2 + 5)
  expect(nodesOf(first!).some((node) => node['Node Type'] === 'Seq Scan')).toBe(false)
})
