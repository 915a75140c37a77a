import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a post has its repaired text, its time and the owner of the archive', async () => {
  const { posts } = await read('current')
  expect(posts.find(({ post }) => post.hashtags?.length)?.post).toMatchObject({
    text: 'Fête at the harbour 🎉 #fête',
    hashtags: ['fête'],
    postedAt: 1714557600_000,
    postType: 'post',
    author: {
      username: 'ada.invented',
      displayName: 'Ada Invéntée',
      profileUrl: 'https://www.facebook.com/ada.invented',
    },
  })
  expect(posts.map(({ post }) => [post.postType, post.text])).toEqual([
    ['comment', 'Très bien'],
    ['photo', 'Crocuses, größer'],
    ['post', 'Fête at the harbour 🎉 #fête'],
    ['post', 'Words only'],
    ['post', 'Worth reading'],
    ['post', 'Old Quay'],
    ['post', 'Lost from the archive'],
    ['photo', undefined],
    ['video', 'Gulls'],
  ])
})

test('a post that names its id and URL is known by them', async () => {
  const { posts } = await read('older-layout')
  expect(posts[1]!.post).toMatchObject({
    urn: 'facebook:10150000000000009',
    url: 'https://www.facebook.com/ada.invented/posts/10150000000000009',
  })
})
