import { placeOf } from '@mediakeep/plugin-api'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a post has the name that its platform gives it, its author, text and links', async () => {
  const { posts } = await read('twitter')
  expect(posts[0]!.post).toMatchObject({
    urn: 'x:1785610110366646279',
    platform: 'x',
    postedAt: 1714557600_000,
    idTime: 1714557600_000,
    url: 'https://x.com/ada_invented/status/1785610110366646279',
    author: { id: '3000000001', username: 'ada_invented', displayName: 'Ada Invented' },
    text: 'Gulls #harbour with @lin_invented',
    hashtags: ['harbour'],
    mentions: ['lin_invented'],
    language: 'en',
    links: [{ kind: 'reply', urn: 'x:1785610110366642183' }],
    totalReactions: 12,
  })
  expect(posts[0]!.post.media[0]).toMatchObject({ altText: 'Picture 1', width: 1920, height: 1080 })
})

test('the files of one post have one urn, and each its own key', async () => {
  const { posts } = await read('twitter')
  expect(new Set(posts.map(({ post }) => post.urn)).size).toBe(1)
  expect(posts.map(({ post }) => post.media.map(({ key }) => key))).toEqual([
    ['GMinvented1'],
    ['GMinvented2'],
    ['GMinvented3'],
  ])
})

test('a JSON without the extension of its file finds it by the extension within', () => {
  const item = {
    category: 'flickr',
    subcategory: 'user',
    id: 53,
    date: '2024-05-01 10:00:00',
    filename: 'a',
    extension: 'jpg',
  }
  expect(sourceFormat.read(item, placeOf('f/quay.json', ['f/quay.jpg', 'f/quay.png']))).toMatchObject({
    urn: 'flickr:53',
    media: [{ file: 'f/quay.jpg' }],
  })
})

test('an id of X from before snowflakes holds no time', () => {
  const item = { category: 'twitter', subcategory: 'tweet', tweet_id: 3070000000, extension: 'jpg' }
  const post = sourceFormat.read({ ...item, date: '2009-08-01 07:00:00' }, placeOf('a.jpg.json', ['a.jpg']))
  expect(post).toMatchObject({ urn: 'x:3070000000', postedAt: Date.UTC(2009, 7, 1, 7), idTime: undefined })
})
