import { placeOf } from '@mediakeep/plugin-api'
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
  expect(posts[0]!.post).toMatchObject({
    text: 'Café by the sea 🌊 #harbour @lin.invented',
    hashtags: ['harbour'],
    mentions: ['lin.invented'],
    postedAt: 1714557600_000,
    postType: 'post',
    author: {
      username: 'ada.invented',
      displayName: 'Ada Invéntée',
      profileUrl: 'https://www.instagram.com/ada.invented/',
    },
  })
  // The time of the post, not of its first picture.
  expect(posts[1]!.post).toMatchObject({ text: 'Two of a kind — Größe', postedAt: 1714644005_000 })
  expect(posts.map(({ post }) => post.postType)).toEqual([
    'post',
    'post',
    'post',
    'profile_photo',
    'reel',
    'story',
    'story',
  ])
})

test('a file has the same key in the layouts of two versions, and while it is missing', () => {
  const read = (uri: string, files: string[]): unknown =>
    sourceFormat.read(
      { media: [{ uri, creation_timestamp: 1714557600 }] },
      placeOf('your_instagram_activity/media/posts_1.json', files),
    )
  const name = '4401_18020000000000001.jpg'
  const older = `media/posts/202405/${name}`
  const newer = `your_instagram_activity/${older}`
  expect(read(older, [older])).toMatchObject({
    urn: 'instagram:export:4401_18020000000000001',
    media: [{ key: name, file: older }],
  })
  expect(read(newer, [newer])).toMatchObject({
    urn: 'instagram:export:4401_18020000000000001',
    media: [{ key: name, file: newer }],
  })
  expect(read(older, [])).toMatchObject({
    media: [{ key: name, missing: `the export does not have ${older}` }],
  })
})

test('the archive may lie in a folder of what is imported', () => {
  const file = 'instagram-ada/media/posts/202405/4401_1.jpg'
  const post = { uri: 'media/posts/202405/4401_1.jpg', creation_timestamp: 1714557600 }
  const place = placeOf('instagram-ada/your_instagram_activity/media/stories.json', [file])
  expect(sourceFormat.read(post, place)).toMatchObject({ media: [{ file }] })
})
