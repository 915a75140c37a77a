import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const { posts } = await readSample(`${import.meta.dirname}/samples/folder`, [sourceFormat])
const [first, reply, , edited] = posts.map(({ post }) => post)
const TIME = Date.UTC(2024, 2, 4, 5, 6, 7)

test('reads the author from actor.json, the text of the HTML, tags and mentions', () => {
  expect(first).toMatchObject({
    postedAt: TIME,
    idTime: TIME,
    author: {
      username: 'ada',
      displayName: 'Ada Invented',
      id: 'https://social.example/users/ada',
      profileUrl: 'https://social.example/@ada',
    },
    text: 'The sea & the #harbour\nat dawn\n\nSecond',
    language: 'en',
    contentWarning: 'weather',
    hashtags: ['harbour'],
    mentions: ['bob@other.example'],
  })
  expect(first!.media[0]).toMatchObject({
    altText: 'A grey sea',
    blurhash: 'UBL_:rOpGG-;~qRjj[ay00j[j[j[',
    width: 16,
    height: 12,
  })
})

test('links a reply, and reads the time of an edit', () => {
  expect(reply!.links).toMatchObject([
    { kind: 'reply', urn: 'mastodon:https://other.example/users/bob/statuses/112000000000000010' },
  ])
  expect(edited!.editedAt).toBe(TIME + 9 * 60_000)
})
