import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a post has its id, the time in it, its author and its tags', async () => {
  const { posts } = await read('items.ndjson')
  expect(posts[0]!.post).toMatchObject({
    urn: 'tiktok:7363968819108250601',
    postedAt: 1714557600_000,
    idTime: 1714557600_000,
    url: 'https://www.tiktok.com/@ada.invented/video/7363968819108250601',
    author: { id: '6800000000000000001', username: 'ada.invented', displayName: 'Ada Invented' },
    hashtags: ['gulls'],
    mentions: ['lin.invented'],
    language: 'en',
    totalReactions: 12,
    stats: { diggCount: 12, playCount: 420 },
  })
})

test('the encodings of a video are candidates: the best first, the one with a watermark last', async () => {
  const { posts } = await read('items.ndjson')
  const [video] = posts[0]!.post.media
  expect(video).toMatchObject({ width: 576, height: 1024, durationMs: 15_000 })
  expect(video!.candidates!.map(({ url, bitrate }) => [url.split('/').at(-2), bitrate])).toEqual([
    ['gulls_high_a', 900_000],
    ['gulls_low_a', 400_000],
    ['gulls_low_b', 400_000],
    ['gulls_download', undefined],
  ])
})

test('a duet is linked to the post beside it, and its author may be a text', async () => {
  const { posts } = await read('items.ndjson')
  expect(posts[2]!.post).toMatchObject({
    links: [{ kind: 'quote', urn: 'tiktok:7363968819108250601' }],
    author: { username: 'ada.invented', displayName: 'Ada Invented', id: '6800000000000000001' },
  })
  expect(posts[0]!.post.links).toBeUndefined()
})
