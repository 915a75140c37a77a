import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a post has its id, its author and its text', async () => {
  const { posts } = await read('items.ndjson')
  expect(posts[0]!.post).toMatchObject({
    urn: 'threads:3358275011851845653',
    otherUrns: ['threads:C6a_VSTgAAV'],
    url: 'https://www.threads.com/@lin.invented/post/C6a_VSTgAAV',
    postedAt: 1714557600_000,
    idTime: 1714557600_000,
    author: { username: 'lin.invented', displayName: 'Lin Invented', id: '2000000001' },
    hashtags: ['thread'],
    stats: { like_count: 4, direct_reply_count: 1 },
  })
})

test('a quoted post is linked', async () => {
  const { posts } = await read('items.ndjson')
  expect(posts[3]!.post.links).toEqual([{ kind: 'quote', urn: 'threads:3358275431282245654' }])
})
