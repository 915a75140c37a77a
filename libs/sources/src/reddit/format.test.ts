import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const listing = await readSample(`${import.meta.dirname}/samples/listing.json`, [sourceFormat])
const dump = await readSample(`${import.meta.dirname}/samples/dump.ndjson`, [sourceFormat])
const postOf = (id: string) => listing.posts.find(({ post }) => post.urn === `reddit:t3_${id}`)!.post
const TIME = Date.UTC(2023, 5, 7, 8, 9, 10)

test('reads the author, the counts, and a text without its HTML entities', () => {
  expect(postOf('aa6')).toMatchObject({
    postedAt: TIME,
    editedAt: TIME + 60_000,
    author: { username: 'ada_invented', id: 't2_inv1' },
    text: 'Words & more\n\nBody <3',
    contentWarning: 'nsfw',
    url: 'https://www.reddit.com/r/harbours/comments/aa6/x/',
    totalReactions: 10,
    stats: { score: 10, num_comments: 1 },
  })
})

test('a gallery has its own order, captions, and the uploaded file before the re-encoded one', () => {
  expect(postOf('aa2').media.slice(0, 3)).toMatchObject([
    {
      key: 'invg2',
      altText: 'The pier',
      candidates: [{ url: 'https://preview.redd.it/invg2.png?width=1000&s=inv' }],
    },
    { key: 'invg1', width: 1000, height: 800 },
    {
      key: 'invg3',
      candidates: [{ url: 'https://preview.redd.it/invg3.gif?format=mp4&s=inv', mimeType: 'video/mp4' }],
    },
  ])
})

test('names the playlists of a video as playlists', () => {
  expect(postOf('aa3').media[0]).toMatchObject({
    durationMs: 12_000,
    key: 'invvid',
    candidates: [
      {
        url: 'https://v.redd.it/invvid/HLSPlaylist.m3u8?a=1&v=1',
        mimeType: 'application/vnd.apple.mpegurl',
      },
      { url: 'https://v.redd.it/invvid/DASHPlaylist.mpd?a=1&v=1', mimeType: 'application/dash+xml' },
    ],
  })
})

test('links a crosspost to its original, and a comment to its parent', () => {
  expect(postOf('aa5')).toMatchObject({
    postType: 'crosspost',
    links: [{ kind: 'reshare', urn: 'reddit:t3_aa3' }],
  })
  expect(dump.posts[2]!.post).toMatchObject({
    postType: 'comment',
    links: [{ kind: 'reply', urn: 'reddit:t1_cc0' }],
  })
})
