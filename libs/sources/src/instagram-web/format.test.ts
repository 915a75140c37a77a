import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

const QUAY = {
  urn: 'instagram:3358275011851845633',
  otherUrns: ['instagram:C6a_VSTgAAB'],
  url: 'https://www.instagram.com/p/C6a_VSTgAAB/',
  postedAt: 1714557600_000,
  idTime: 1714557600_000,
}

test('a post has its id, the time in it, its author and its text', async () => {
  const { posts } = await read('items.ndjson')
  expect(posts[0]!.post).toMatchObject({
    ...QUAY,
    author: {
      id: '1000000001',
      username: 'ada.invented',
      displayName: 'Ada Invented',
      profileUrl: 'https://www.instagram.com/ada.invented',
    },
    text: 'The quay at dawn #harbour with @lin.invented',
    hashtags: ['harbour'],
    mentions: ['lin.invented'],
    totalReactions: 12,
    stats: { like_count: 12, comment_count: 3 },
  })
  // Hidden likes are written as -1.
  expect(posts[2]!.post.totalReactions).toBeUndefined()
})

test('the older API names the same posts', async () => {
  const [older, newer] = await Promise.all([read('graph.json'), read('items.ndjson')])
  expect(older.posts[0]!.post).toMatchObject(QUAY)
  const urns = older.posts.map(({ post }) => post.urn)
  expect(newer.posts.slice(0, 3).map(({ post }) => post.urn)).toEqual(urns)
  const keys = (reading: typeof older): unknown =>
    reading.posts.slice(0, 3).map(({ post }) => post.media.map(({ key }) => key))
  expect(keys(newer)).toEqual(keys(older))
})

test('renditions are candidates, the largest first, each URL once', async () => {
  const { posts } = await read('items.ndjson')
  const [picture] = posts[0]!.post.media
  expect(picture).toMatchObject({ width: 1080, height: 1350, altText: 'A quay in the morning light' })
  expect(picture!.candidates?.map(({ width }) => width)).toEqual([540])
  const [video] = posts[1]!.post.media
  expect(video).toMatchObject({ width: 720, height: 1280, durationMs: 12500 })
  expect(video!.candidates?.map(({ width }) => width)).toEqual([480])
})

test('a partial post without a time has the time in its id', async () => {
  const { posts } = await read('items.ndjson')
  expect(posts[3]!.post.postedAt).toBe(1714557900_000)
})
