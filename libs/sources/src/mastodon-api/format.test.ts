import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const { posts } = await readSample(`${import.meta.dirname}/samples/statuses.json`, [sourceFormat])
const [first, boost, reply, quote] = posts.map(({ post }) => post)
const ADA = 'https://social.example/users/ada'

test('reads the author, the warning, sizes, durations, and the alternative text', () => {
  expect(first).toMatchObject({
    idTime: first!.postedAt,
    author: { username: 'ada', displayName: 'Ada Invented', id: ADA },
    text: 'Worte',
    language: 'de',
    contentWarning: 'Wetter',
    hashtags: ['meer'],
    mentions: ['bob@other.example'],
    totalReactions: 2,
  })
  expect(first!.media.slice(0, 2)).toMatchObject([
    { altText: 'Das Meer', width: 1600, key: 'media_attachments/files/112/000/001/original/f1.png' },
    { durationMs: 12_500, width: 640 },
  ])
})

test("a boost is a post of its own; the original's server comes before this one's copy", () => {
  expect(boost).toMatchObject({
    postType: 'repost',
    author: { username: 'ada' },
    text: 'Of bob',
    links: [{ kind: 'reshare', urn: 'mastodon:https://other.example/users/bob/statuses/112000000000000020' }],
  })
  expect(boost!.media[1]!.candidates?.map(({ url }) => url)).toEqual([
    'https://files.social.example/cache/media_attachments/files/112/000/005/original/f5.webp',
    'https://files.social.example/cache/media_attachments/files/112/000/005/small/f5.png',
  ])
})

test('links a thread and a quote', () => {
  expect(reply!.links).toMatchObject([{ kind: 'thread', urn: first!.urn }])
  expect(quote!.links).toMatchObject([{ kind: 'quote' }])
  expect(quote!.editedAt).toBeGreaterThan(quote!.postedAt)
})
