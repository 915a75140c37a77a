import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const { posts } = await readSample(`${import.meta.dirname}/samples/page.json`, [sourceFormat])

test('reads author and media from the includes of the page', () => {
  expect(posts[0]!.post).toMatchObject({
    postedAt: Date.UTC(2024, 1, 3, 4, 5, 6),
    author: { username: 'ada_invented', displayName: 'Ada Invented', id: '3000000001' },
    language: 'de',
    hashtags: ['meer'],
    mentions: ['bob_invented'],
    url: 'https://x.com/ada_invented/status/1753630664684470373',
    totalReactions: 9,
    media: [{ key: 'INVv2a', altText: 'Das Meer', width: 1200, height: 800 }, {}, {}],
  })
})

test('names the playlist of a video as a playlist, after the video', () => {
  expect(posts[1]!.post).toMatchObject({
    links: [{ kind: 'reply', urn: 'x:1699000000000000002' }],
    media: [{ durationMs: 7000, candidates: [{ mimeType: 'application/x-mpegURL' }] }, {}, {}],
  })
})

test('links reposts and quotes', () => {
  expect(posts.slice(2, 4).map(({ post }) => post.links?.map(({ kind, urn }) => `${kind} ${urn}`))).toEqual([
    ['reshare x:1699000000000000003'],
    ['quote x:1699000000000000004'],
  ])
})
