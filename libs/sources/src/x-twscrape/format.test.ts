import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const { posts } = await readSample(`${import.meta.dirname}/samples/posts.ndjson`, [sourceFormat])

test('reads the author, the tags and a duration in milliseconds', () => {
  const { post } = posts[0]!
  expect(post).toMatchObject({
    postedAt: Date.UTC(2024, 1, 3, 4, 5, 6),
    author: { username: 'ada_invented', displayName: 'Ada Invented', id: '3000000001' },
    language: 'pt',
    hashtags: ['mar'],
    mentions: ['bob_invented'],
    totalReactions: 2,
  })
  expect(post.media[2]).toMatchObject({ durationMs: 8000, key: 'INVtsstill' })
})

test('links reposts, quotes and replies', () => {
  expect(posts.slice(1).map(({ post }) => post.links?.map(({ kind, urn }) => `${kind} ${urn}`))).toEqual([
    ['reshare x:1753631168000950475'],
    ['reply x:1699000000000000005', 'quote x:1753631168000950475'],
  ])
  expect(posts[1]!.post.text).toBe('Barco inteiro')
})
