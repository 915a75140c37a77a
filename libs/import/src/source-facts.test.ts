import type { SourceFormat, SourcePost } from '@mediakeep/plugin-api'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createImportRun, runImport } from './index.ts'
import { postsFile } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** Posts in the shape of the plugin API itself. */
const plain: SourceFormat = {
  name: 'plain',
  platform: 'plain',
  recognises: (post) => 'urn' in post,
  read: (post) => post as unknown as SourcePost,
}

async function importPosts(...posts: readonly object[]): Promise<void> {
  const runId = await createImportRun(database, {
    files: [await postsFile(JSON.stringify(posts))],
    machine: 'here',
  })
  await runImport(database, { runId, formats: [plain] })
}

const at = Date.UTC(2026, 4, 1)
const picture = (n: number, facts: object) => ({
  url: `https://pictures.example/${n}.jpg`,
  role: 'content',
  mediaType: 'image',
  pointer: `/media/${n}`,
  ...facts,
})

async function rowsOf(columns: string, table: string): Promise<object[]> {
  return (await database.query<object>(`SELECT ${columns} FROM ${table} ORDER BY 1`)).rows
}

test('the author, language and links of a post are stored', async () => {
  const links = [{ kind: 'reply', urn: 'plain:0', url: 'https://plain.example/0' }]
  await importPosts({
    urn: 'plain:1',
    postedAt: at,
    author: { username: 'ada', displayName: 'Ada Byron', id: 'did:1' },
    language: 'en-GB',
    links,
    media: [],
  })
  expect(
    await rowsOf('author_username, author_name, author_id, language, post_links, findings', 'posts'),
  ).toEqual([
    {
      author_username: 'ada',
      author_name: 'Ada Byron',
      author_id: 'did:1',
      language: 'en-GB',
      post_links: links,
      findings: null,
    },
  ])
})

test('a post whose id holds another time is stored, with a finding', async () => {
  const ofId = (idTime: number) => [{ code: 'id_time_differs', statedAt: at, idTime }]
  await importPosts(
    { urn: 'time:1', postedAt: at, idTime: at - 60_000, media: [] },
    { urn: 'time:2', postedAt: at, idTime: at - 60_001, media: [] },
    { urn: 'time:3', postedAt: at, idTime: at + 7_200_000, media: [] },
  )
  expect(await rowsOf('urn, findings', `posts WHERE urn LIKE '%time:%'`)).toEqual([
    { urn: 'plain:time:1', findings: null },
    { urn: 'plain:time:2', findings: ofId(at - 60_001) },
    { urn: 'plain:time:3', findings: ofId(at + 7_200_000) },
  ])
})

test('alternative texts and stated digests are stored, and added to rows that lack them', async () => {
  const [md5, sha256] = ['A'.repeat(32), 'B'.repeat(64)]
  const post = (...media: object[]) => ({ urn: 'facts:1', postedAt: at, media })
  const read = () =>
    rowsOf(
      'media_url, alt_text, attested_algorithm, attested_value, attested_matches',
      `post_media WHERE media_url LIKE '%pictures.example%'`,
    )
  await importPosts(
    post(picture(1, { altText: ' A harbour ', attested: { md5 } }), picture(2, {}), picture(3, {})),
  )
  // Bytes that arrived before the source stated a digest.
  await database.query(
    `UPDATE post_media SET fate = 'fetched', fetched_at = now(), sha256_sum = repeat('b', 64) WHERE media_url LIKE '%/3.jpg'`,
  )
  await importPosts(
    post(
      picture(1, { altText: 'Another text' }),
      picture(2, { altText: 'A lighthouse', attested: { md5, sha256 } }),
      picture(3, { attested: { sha256 } }),
    ),
  )
  const row = (n: number, ...[alt, algorithm, value, matches]: unknown[]) => ({
    media_url: `https://pictures.example/${n}.jpg`,
    alt_text: alt,
    attested_algorithm: algorithm,
    attested_value: value,
    attested_matches: matches,
  })
  expect(await read()).toEqual([
    row(1, 'A harbour', 'md5', 'a'.repeat(32), null),
    row(2, 'A lighthouse', 'sha256', 'b'.repeat(64), null),
    row(3, null, 'sha256', 'b'.repeat(64), true),
  ])
})

test('renditions are stored in order, and replaced with a fresh URL', async () => {
  const url = (name: string, signature: string) =>
    `https://video.example/${name}.mp4?X-Amz-Signature=${signature}`
  const post = (signature: string) => ({
    urn: 'plain:renditions',
    postedAt: at,
    media: [
      picture(9, {
        url: url('large', signature),
        candidates: ['small', 'large'].map((name) => ({ url: url(name, signature) })),
      }),
    ],
  })
  const read = () =>
    rowsOf('position, url, host, ended_at IS NOT NULL AS ended', 'mediakeep.media_candidates')
  const row = (position: number, text: string) => ({
    position,
    url: text,
    host: 'video.example',
    ended: false,
  })
  await importPosts(post('1'))
  expect(await read()).toEqual([row(0, url('large', '1')), row(1, url('small', '1'))])
  await database.query(`UPDATE mediakeep.media_candidates SET ended_at = now(), end_reason = 'gone'`)
  await database.query(
    `UPDATE post_media SET fate = 'gone', fetch_url = 'x' WHERE media_url LIKE '%video.example%'`,
  )
  await importPosts(post('1'))
  expect(await read()).toMatchObject([{ ended: true }, { ended: true }])
  await importPosts(post('2'))
  expect(await read()).toEqual([row(0, url('large', '2')), row(1, url('small', '2'))])
  expect(await rowsOf('fate, fetch_url', `post_media WHERE media_url LIKE '%video.example%'`)).toEqual([
    { fate: 'waiting', fetch_url: null },
  ])
})

test('found media are in the custody log with their post, and those that are known already are not', async () => {
  await database.query('DELETE FROM mediakeep.custody_inbox')
  const post = { urn: 'plain:custody', postedAt: at, media: [picture(71, {}), picture(72, {})] }
  await importPosts(post)
  await importPosts({ ...post, media: [...post.media, picture(73, {})] })
  const { rows } = await database.query<{ count: number; media: string[]; posts: string[] }>(
    `SELECT count(*)::integer, array_agg(i ->> 'subject' ORDER BY i ->> 'subject') AS media,
       array_agg(DISTINCT 'post:' || (i ->> 'post')) AS posts
     FROM mediakeep.custody_inbox e CROSS JOIN jsonb_array_elements(e.items) i WHERE e.kind = 'found' GROUP BY entry_id
     ORDER BY entry_id`,
  )
  const stored = await database.query<{ media: string; post: string }>(
    `SELECT 'media:' || media_id AS media, 'post:' || post_id AS post FROM public.post_media
     JOIN public.posts USING (post_id) WHERE urn = 'plain:custody' ORDER BY media_id`,
  )
  expect(rows.map(({ count }) => count)).toEqual([2, 1])
  expect(rows.flatMap(({ media }) => media).sort()).toEqual(stored.rows.map(({ media }) => media))
  expect(rows.flatMap(({ posts }) => posts)).toEqual([stored.rows[0]!.post, stored.rows[0]!.post])
})
