import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a post has its time, its text and the owner of the archive', async () => {
  const { posts } = await read('user_data_tiktok.json')
  expect(posts[0]!.post).toMatchObject({
    postedAt: 1714557600_000,
    author: { username: 'ada.invented', profileUrl: 'https://www.tiktok.com/@ada.invented' },
    text: 'Gulls #harbour',
    hashtags: ['harbour'],
    totalReactions: 12,
  })
  expect(posts[0]!.post.media[0]).toMatchObject({ altText: 'Gulls circling' })
})

test('a link to the page names the post and the time in its id', async () => {
  const { posts } = await read('older.json')
  expect(posts[0]!.post).toMatchObject({ urn: 'tiktok:6968763108399513677', idTime: 1622541600_000 })
})

test('an archive as text has the same posts', async () => {
  const [text, json] = await Promise.all([read('text'), read('user_data_tiktok.json')])
  const facts = ({ posts }: typeof text): unknown =>
    posts.map(({ post }) => [post.postedAt, post.text, post.totalReactions, post.postType])
  expect(facts(text)).toEqual(facts(json))
})
