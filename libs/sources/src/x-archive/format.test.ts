import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const sample = `${import.meta.dirname}/samples/folder`
const { posts } = await readSample(sample, [sourceFormat])
const postOf = (urn: string) => posts.find(({ post }) => post.urn === urn)!.post

test('reads the author from account.js, and texts, tags and counts from the post', () => {
  expect(postOf('x:1654068474147766273')).toMatchObject({
    postedAt: Date.UTC(2023, 4, 4, 10, 20, 30),
    idTime: Date.UTC(2023, 4, 4, 10, 20, 30),
    author: {
      username: 'ada_invented',
      displayName: 'Ada Invented',
      id: '3000000001',
      profileUrl: 'https://x.com/ada_invented',
    },
    text: 'The harbour at dawn #harbour https://t.co/inv',
    language: 'en',
    hashtags: ['harbour'],
    url: 'https://x.com/ada_invented/status/1654068474147766273',
    totalReactions: 3,
    stats: { favorite_count: '3', retweet_count: '1' },
  })
})

test('reads the alternative text, the size and other renditions of a picture', () => {
  expect(postOf('x:1654068474147766273').media[0]).toMatchObject({
    key: 'INVaaa1',
    altText: 'A grey harbour',
    width: 1600,
    height: 1200,
    candidates: [
      { url: 'https://pbs.twimg.com/media/INVaaa1?format=jpg&name=large' },
      { url: 'https://pbs.twimg.com/media/INVaaa1.jpg' },
    ],
  })
})

test('names the playlist of a video last, as a playlist', () => {
  const base = 'https://video.twimg.com/ext_tw_video/1654000000000000003/pu'
  expect(postOf('x:1654068725806006274').media[0]).toMatchObject({
    key: 'INVthumb',
    durationMs: 12_345,
    candidates: [
      {
        url: `${base}/vid/320x180/INVlow.mp4?tag=12`,
        bitrate: 632_000,
        width: 320,
        height: 180,
        mimeType: 'video/mp4',
      },
      { url: `${base}/pl/INVpl.m3u8?tag=12`, mimeType: 'application/x-mpegURL' },
    ],
  })
})

test('links replies, quotes and reposts to the posts that they refer to', () => {
  expect(postOf('x:1654068725806006274')).toMatchObject({
    mentions: ['bob_invented'],
    links: [
      {
        kind: 'reply',
        urn: 'x:1653000000000000009',
        url: 'https://x.com/bob_invented/status/1653000000000000009',
      },
    ],
  })
  expect(postOf('x:1654069229122486276')).toMatchObject({
    language: undefined,
    links: [{ kind: 'quote', urn: 'x:1651000000000000005' }],
  })
  expect(postOf('x:1654068977464246275')).toMatchObject({
    postType: 'repost',
    links: [{ kind: 'reshare', urn: 'x:1652000000000000007' }],
  })
})

test('an id from before snowflakes holds no time', () => {
  expect(postOf('x:3070000000')).toMatchObject({ postedAt: Date.UTC(2009, 7, 1, 7), idTime: undefined })
})
