import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const { posts } = await readSample(`${import.meta.dirname}/samples/user-tweets.json`, [sourceFormat])
const postOf = (id: string) => posts.find(({ post }) => post.urn === `x:${id}`)!.post

test('reads the author, the reply, the counts and the alternative text', () => {
  const post = postOf('1753630664684470273')
  expect(post).toMatchObject({
    postedAt: Date.UTC(2024, 1, 3, 4, 5, 6),
    idTime: Date.UTC(2024, 1, 3, 4, 5, 6),
    author: { username: 'ada_invented', displayName: 'Ada Invented', id: '3000000001' },
    url: 'https://x.com/ada_invented/status/1753630664684470273',
    links: [{ kind: 'reply', urn: 'x:1699000000000000001' }],
    totalReactions: 5,
    stats: { favorite_count: 5, view_count: 1234 },
  })
  expect(post.media[0]).toMatchObject({ key: 'INVone', altText: 'The sea', width: 1600, height: 900 })
})

test('a repost is a post of its own, with the whole text and the media of its original', () => {
  expect(postOf('1753631419659190276')).toMatchObject({
    postType: 'repost',
    author: { username: 'ada_invented', displayName: 'Ada Invented' },
    text: 'The whole text of the original',
    links: [
      {
        kind: 'reshare',
        urn: 'x:1753630916342710274',
        url: 'https://x.com/bob_invented/status/1753630916342710274',
      },
    ],
  })
})

test('reads the whole text of a long post, and one link to the quoted post', () => {
  expect(postOf('1753631671317430277')).toMatchObject({
    text: 'See this, and a long text after the first 280 characters',
    links: [
      {
        kind: 'quote',
        urn: 'x:1753631168000950275',
        url: 'https://x.com/bob_invented/status/1753631168000950275',
      },
    ],
  })
})
