import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 30, 20)
  await db.query(
    `UPDATE posts p SET platform = (ARRAY['bluesky', 'linkedin', 'x'])[1 + n % 3], text_content = 'the boat no. ' || n,
       author_username = (ARRAY['Ada', 'ada.l', 'ADAM', 'bob', 'a_b', 'axb'])[1 + n % 6]
     FROM (SELECT post_id, (row_number() OVER (ORDER BY post_id))::int AS n FROM posts) o WHERE o.post_id = p.post_id`,
  )
  await db.query(
    `UPDATE post_media m SET media_type = (ARRAY['image', 'video', 'audio'])[1 + n % 3],
       fate = (ARRAY['waiting', 'expired', 'gone', 'blocked'])[1 + n % 4],
       ai_analysis_status = (ARRAY['not_started', 'pending', NULL, 'failed'])[1 + n % 4]
     FROM (SELECT media_id, (row_number() OVER (ORDER BY media_id))::int AS n FROM post_media) o WHERE o.media_id = m.media_id`,
  )
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

type Facets = Record<'types' | 'platforms' | 'fates' | 'statuses', { name: string; count: number }[]>

async function facets(filter: object): Promise<Facets> {
  const query = `query ($filter: MediaFilter) { mediaFacets(filter: $filter) {
    types { name count } platforms { name count } fates { name count } statuses { name count } } }`
  return (await api.ask<{ mediaFacets: Facets }>(query, { filter })).mediaFacets
}

/** Returns the number of media that the list itself shows with a filter. */
async function shown(filter: object): Promise<number> {
  const query = `query ($filter: MediaFilter) { mediaTimeline(filter: $filter) { count } }`
  const { mediaTimeline } = await api.ask<{ mediaTimeline: { count: number }[] }>(query, { filter })
  return mediaTimeline.reduce((sum, { count }) => sum + count, 0)
}

test.each([
  {},
  { platform: 'x' },
  { type: 'video', fate: 'gone' },
  { status: 'not_started', type: 'image' },
  { text: 'boat' },
])('each count is what the list shows with that choice: %j', async (filter) => {
  const { types, platforms, fates, statuses } = await facets(filter)
  for (const [field, counts] of Object.entries({
    type: types,
    platform: platforms,
    fate: fates,
    status: statuses,
  })) {
    expect(counts, field).not.toEqual([])
    for (const { name, count } of counts) expect(await shown({ ...filter, [field]: name }), name).toBe(count)
  }
})

test('choices without media are left out, and counts end at a thousand', async () => {
  expect((await facets({})).fates.map(({ name }) => name).sort()).toEqual([
    'blocked',
    'expired',
    'gone',
    'waiting',
  ])
  expect((await facets({ author: 'nobody' })).types).toEqual([])
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, fate)
     SELECT 'med-' || md5(n::text), (SELECT min(post_id) FROM posts), 'document', 'https://m/' || n, 'k' || n, 'gone'
     FROM generate_series(1, 1200) n`,
  )
  expect((await facets({})).types).toContainEqual({ name: 'document', count: 1_000 })
})

test('authors are completed in any case, each once, without reading % and _ as patterns', async () => {
  const authors = async (prefix: string, first = 10): Promise<string[]> =>
    (
      await api.ask<{ authors: string[] }>(
        `query ($prefix: String!, $first: Int!) { authors(prefix: $prefix, first: $first) }`,
        { prefix, first },
      )
    ).authors
  expect(await authors('ada')).toEqual(['Ada', 'ada.l', 'ADAM'])
  expect(await authors('AD', 2)).toEqual(['Ada', 'ada.l'])
  expect(await authors('a_')).toEqual(['a_b'])
  expect(await authors('%')).toEqual([])
})

test('a snippet shows the hit with the words around it, in the post or else in the picture', async () => {
  const { rows } = await db.query<{ id: string; postId: string }>(
    `SELECT media_id AS id, post_id AS "postId" FROM post_media WHERE media_type = 'image' ORDER BY 1 LIMIT 2`,
  )
  const [first, second] = rows as [{ id: string; postId: string }, { id: string }]
  await db.query(`UPDATE posts SET text_content = $2 WHERE post_id = $1`, [
    first.postId,
    `${'lorem ipsum '.repeat(200)} a red <b>lighthouse\u0003</b> at dusk ${'dolor '.repeat(200)}`,
  ])
  const snippetOf = async (
    id: string,
    search: string,
  ): Promise<{ text: string; isMatch: boolean }[] | null> =>
    (
      await api.ask<{ mediaItem: { searchSnippet: { text: string; isMatch: boolean }[] | null } }>(
        `query ($id: ID!, $search: String!) { mediaItem(id: $id) { searchSnippet(search: $search) { text isMatch } } }`,
        { id, search },
      )
    ).mediaItem.searchSnippet
  const parts = (await snippetOf(first.id, 'LIGHTHOUSE'))!
  expect(parts.filter(({ isMatch }) => isMatch)).toEqual([{ text: 'lighthouse', isMatch: true }])
  const text = parts.map((part) => part.text).join('')
  // Tags are left out.
  expect(text).toMatch(/red lighthouse at dusk/)
  expect(text.length).toBeLessThan(300)
  expect(await snippetOf(second.id, 'zebra')).toBeNull()

  const digest = 'ab'.repeat(32)
  await db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension)
     VALUES ($1, $2, $2, 1, 'image', 'image/png', 'png')`,
    [digest, 'ab'.repeat(16)],
  )
  await db.query(
    `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, finished_at, search_text)
     VALUES ($1, 'ocr', '1', 'image', 'completed', now(), 'a zebra on a sign')`,
    [digest],
  )
  await db.query(`UPDATE post_media SET sha256_sum = $2 WHERE media_id = $1`, [second.id, digest])
  expect(await snippetOf(second.id, 'zebra')).toEqual([
    { text: 'zebra', isMatch: true },
    { text: ' on a sign', isMatch: false },
  ])
})
