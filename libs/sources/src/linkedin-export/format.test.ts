import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a post has its line breaks and quotation marks, its time in UTC and its urn', async () => {
  const { posts } = await read('Shares.csv')
  expect(posts[0]!.post).toMatchObject({
    urn: 'urn:li:share:7191375799910400000',
    fullUrn: 'urn:li:share:7191375799910400000',
    postedAt: 1714557600_000,
    idTime: 1714557600_000,
    text: 'The quay at dawn\n\n#harbour is "quiet", for once',
    hashtags: ['harbour'],
    url: 'https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7191375799910400000',
  })
  expect(posts[1]!.post).toMatchObject({
    urn: 'urn:li:ugcPost:7191376219340800000',
    text: 'Worth reading, all of it',
    postType: 'article',
  })
})
