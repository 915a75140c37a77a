import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a post has its id, the time in it, its author and its text', async () => {
  const { posts } = await read('dataset.json')
  expect(posts[0]!.post).toMatchObject({
    urn: 'instagram:3358275011851845633',
    postedAt: 1714557600_000,
    idTime: 1714557600_000,
    url: 'https://www.instagram.com/p/C6a_VSTgAAB/',
    author: { id: '1000000001', username: 'ada.invented', displayName: 'Ada Invented' },
    hashtags: ['harbour'],
    mentions: ['lin.invented'],
    totalReactions: 12,
  })
  expect(posts[0]!.post.media[0]).toMatchObject({
    altText: 'A quay in the morning light',
    width: 1080,
    height: 1350,
  })
  expect(posts[1]!.post.media[0]).toMatchObject({ durationMs: 12500 })
})

test('a picture that the carousel names three times has one key', async () => {
  const { posts } = await read('dataset.json')
  const boats = posts[2]!.post.media.filter(({ url }) => url?.includes('boat'))
  expect(boats.map(({ key }) => key)).toEqual(Array(3).fill('3358276689573445642'))
})
