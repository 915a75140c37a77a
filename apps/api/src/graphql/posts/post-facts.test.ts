import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 12, 1)
  await db.query(
    `UPDATE posts SET author_name = 'Ada Byron', author_id = '42', language = 'en',
       full_urn = CASE urn WHEN 'urn:2' THEN 'urn:full:2' END,
       post_links = CASE urn WHEN 'urn:1' THEN '[{"kind": "reply", "urn": "urn:full:2", "url": "https://x.example/2"},
         {"kind": "quote", "urn": "urn:elsewhere"}]' ELSE '[{"kind": "thread", "urn": "urn:1"}]' END::jsonb,
       findings = CASE urn WHEN 'urn:1' THEN '[{"code": "id_time_differs", "statedAt": 1767225600000, "idTime": 1767229200000}]'::jsonb END`,
  )
  await db.query(
    `UPDATE post_media SET alt_text = 'LIGHTHOUSE on a cliff', attested_algorithm = 'sha256', attested_value = repeat('a', 64),
       attested_matches = false WHERE media_id = 'med-00000003'`,
  )
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

test('a post has its author, language, findings, and links to posts that the archive may have', async () => {
  const { posts } = await api.ask<{ posts: { nodes: object[] } }>(
    `{ posts(filter: { urn: "urn:1" }) { nodes { authorName authorId language
       links { kind urn url post { postId textContent } } findings { code message statedAt idTime } } } }`,
  )
  expect(posts.nodes).toEqual([
    {
      authorName: 'Ada Byron',
      authorId: '42',
      language: 'en',
      links: [
        {
          kind: 'reply',
          urn: 'urn:full:2',
          url: 'https://x.example/2',
          post: { postId: 'p-00000002', textContent: 'Words about number2' },
        },
        { kind: 'quote', urn: 'urn:elsewhere', url: null, post: null },
      ],
      findings: [
        {
          code: 'id_time_differs',
          message:
            'The export says that the post was published at 2026-01-01T00:00:00.000Z. Its id was made at 2026-01-01T01:00:00.000Z.',
          statedAt: '2026-01-01T00:00:00.000Z',
          idTime: '2026-01-01T01:00:00.000Z',
        },
      ],
    },
  ])
})

test('the linked posts of a page are read together', async () => {
  const read = (first: number) =>
    api.statements(() =>
      api.ask('query ($first: Int) { posts(first: $first) { nodes { links { post { postId } } } } }', {
        first,
      }),
    )
  const [, ofFew] = await read(2)
  const [, ofMany] = await read(10)
  expect(ofMany).toBe(ofFew)
})

test('media are found by their alternative text, and show it and the digest that the source states', async () => {
  const { mediaItems } = await api.ask<{ mediaItems: { nodes: object[] } }>(
    `{ mediaItems(filter: { search: "lighthouse cliff" }) { nodes { mediaId altText attestedHash { algorithm value matches }
       searchSnippet(search: "lighthouse cliff") { text isMatch } } } }`,
  )
  expect(mediaItems.nodes).toEqual([
    {
      mediaId: 'med-00000003',
      altText: 'LIGHTHOUSE on a cliff',
      attestedHash: { algorithm: 'SHA256', value: 'a'.repeat(64), matches: false },
      searchSnippet: [
        { text: 'LIGHTHOUSE', isMatch: true },
        { text: ' on a ', isMatch: false },
        { text: 'cliff', isMatch: true },
      ],
    },
  ])
})
