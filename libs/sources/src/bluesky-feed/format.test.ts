import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const { posts } = await readSample(`${import.meta.dirname}/samples/author-feed.json`, [sourceFormat])
const [images, , quote, repost, earlierRepost, reply] = posts.map(({ post }) => post)
const TIME = Date.UTC(2024, 4, 6, 7, 8, 9)

test('reads the author, and tags and mentions from facets that count in bytes', () => {
  expect(images).toMatchObject({
    postedAt: TIME,
    idTime: TIME,
    author: {
      username: 'ada.invented.example',
      displayName: 'Ada Invented',
      id: 'did:plc:inventedada234567abcdefg',
      profileUrl: 'https://bsky.app/profile/ada.invented.example',
    },
    language: 'en',
    contentWarning: 'graphic-media',
    hashtags: ['sea'],
    mentions: ['bob.invented.example'],
    totalReactions: 4,
  })
})

test("the original blob comes first, with the digest of its CID, then the CDN's pictures", () => {
  const sha256 = createHash('sha256').update('sea').digest('hex')
  expect(images!.media[0]).toMatchObject({
    attested: { sha256, byteSize: 3 },
    altText: 'The sea',
    width: 2000,
    height: 1500,
    candidates: [
      { url: expect.stringContaining('/feed_fullsize/') as string },
      { url: expect.stringContaining('/feed_thumbnail/') as string },
    ],
  })
})

test('names the playlist of a video as a playlist, and takes a reduced ratio for no size', () => {
  expect(quote!.media[0]).toMatchObject({
    mediaType: 'video',
    altText: 'Waves',
    candidates: [
      {
        url: expect.stringContaining('/playlist.m3u8') as string,
        mimeType: 'application/vnd.apple.mpegurl',
      },
    ],
  })
  expect(quote!.media[0]!.width).toBeUndefined()
})

test('links quotes, replies and reposts', () => {
  const kinds = [quote, reply, repost].map((post) => post!.links!.map(({ kind }) => kind))
  expect(kinds).toEqual([['quote'], ['reply'], ['reshare']])
})

test('a repost has the same identity in answers with and without its own URI', () => {
  expect(repost!.identity).toMatch(/^bluesky:repost:did:plc:inventedada\w+:at:\/\/did:plc:inventedbob/)
  expect(repost!.otherUrns).toEqual([repost!.identity])
  expect(earlierRepost!.urn).toBe(earlierRepost!.identity)
  expect(repost).toMatchObject({
    postType: 'repost',
    author: { username: 'ada.invented.example' },
    text: 'Of bob',
  })
})
