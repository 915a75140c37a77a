import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

test('reads the author, the time in the key, and the digest that a CID attests', async () => {
  const { posts } = await readSample(`${import.meta.dirname}/samples/repo.car`, [sourceFormat])
  const { post } = posts[0]!
  const time = Date.UTC(2024, 4, 6, 7, 28, 9)
  expect(post).toMatchObject({
    postedAt: time,
    idTime: time,
    author: { id: 'did:plc:inventedada234567abcdefg' },
    text: 'From the repository',
    language: 'en',
  })
  const sha256 = createHash('sha256').update('pier').digest('hex')
  expect(post.media[0]).toMatchObject({ altText: 'A pier', width: 1200, attested: { sha256, byteSize: 4 } })
})
