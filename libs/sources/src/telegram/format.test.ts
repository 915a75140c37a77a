import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const samples = `${import.meta.dirname}/samples`
const { posts } = await readSample(`${samples}/one-chat`, [sourceFormat])
const [photo, video, , reply, , forward, words] = posts.map(({ post }) => post)

test('reads the parts of a text, the author, and the claimed size of a file', () => {
  expect(photo).toMatchObject({
    postedAt: Date.UTC(2022, 4, 6, 7, 10, 9),
    author: { displayName: 'Ada Invented', id: 'user3000000001' },
    text: 'See #harbour with @bob_invented',
    hashtags: ['harbour'],
    mentions: ['bob_invented'],
    media: [{ attested: { byteSize: 268 }, width: 1280, key: 'photos/photo_1@06-05-2022_09-10-09.jpg' }],
  })
  expect(video!.media[0]).toMatchObject({ durationMs: 3000, attested: { byteSize: 50_831 } })
})

test('links a reply, and reads edits, forwards and reactions', () => {
  expect(reply!.links).toEqual([{ kind: 'reply', urn: 'telegram:1234567890:2' }])
  expect(reply!.editedAt).toBe(Date.UTC(2022, 4, 6, 7, 8, 9) + 4_000_000)
  expect(forward).toMatchObject({ postType: 'forward', text: 'A paper' })
  expect(words!.stats).toEqual({ reactions: [{ type: 'emoji', count: 2, emoji: '👍' }] })
})

test('a time without a zone, as earlier versions wrote it, is read as UTC', async () => {
  const account = await readSample(`${samples}/account`, [sourceFormat])
  const old = account.posts.find(({ post }) => post.urn === 'telegram:4000000002:2')!.post
  expect(old).toMatchObject({ postedAt: Date.UTC(2022, 4, 6, 9, 10, 9), text: 'An old export' })
})
