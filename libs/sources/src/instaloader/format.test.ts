import { placeOf } from '@mediakeep/plugin-api'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('files are found beside a compressed JSON too, and only those of the post', () => {
  const node = {
    id: '3358275011851845633',
    display_url: 'https://a.example/1.jpg',
    taken_at_timestamp: 1714557600,
  }
  const files = [
    '2024-05-01_10-00-00_UTC.jpg',
    '2024-05-01_10-00-00_UTC_1.jpg',
    '2024-05-01_10-00-00_UTC.mp4',
  ]
  const post = sourceFormat.read(
    { node, instaloader: { version: '4.13', node_type: 'Post' } },
    placeOf('2024-05-01_10-00-00_UTC.json.xz', files),
  )
  expect(post).toMatchObject({
    media: [{ file: '2024-05-01_10-00-00_UTC.jpg', url: 'https://a.example/1.jpg' }],
  })
})

test('a story is named as such', async () => {
  const { posts } = await read('profile')
  expect(posts.map(({ post }) => post.postType)).toEqual([
    'GraphImage',
    'GraphVideo',
    'GraphSidecar',
    'story',
  ])
})
