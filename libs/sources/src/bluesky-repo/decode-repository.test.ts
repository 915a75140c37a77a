import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildRepository, writeCar, type Block } from '../testing/repository.fixture.ts'
import { decodeRepository, type RepositoryRecord } from './decode-repository.ts'
import { RepositoryError } from './repository-error.ts'

const DID = 'did:plc:inventedada234567abcdefg'
const post = (text: string): unknown => ({
  $type: 'app.bsky.feed.post',
  text,
  createdAt: '2024-05-06T07:08:09Z',
})
const like = { $type: 'app.bsky.feed.like', subject: { uri: 'at://x' }, createdAt: '2024-05-06T07:08:09Z' }
const records = {
  'app.bsky.feed.post/3krsxaaaaaaa2': post('one'),
  'app.bsky.feed.post/3krsxaaaaaab2': post('two'),
  'app.bsky.feed.post/3krsxaaaaaac2': post('two'),
  'app.bsky.feed.like/3krsxaaaaaad2': like,
}
const repository = buildRepository(DID, records)

async function read(bytes: Uint8Array, chunk = bytes.length): Promise<RepositoryRecord[]> {
  const parts = (async function* () {
    for (let at = 0; at < bytes.length; at += chunk)
      yield await Promise.resolve(bytes.subarray(at, at + chunk))
  })()
  return Array.fromAsync(decodeRepository(parts))
}

const car = (blocks: readonly Block[]): Promise<Uint8Array> => writeCar(repository.root, blocks)
const nameOf = ({ did, collection, rkey }: RepositoryRecord): string => `${did} ${collection}/${rkey}`
const NAMES = Object.keys(records)
  .sort()
  .map((key) => `${DID} ${key}`)

test('names each record by its key, and gives posts whole and others by type', async () => {
  const found = await read(await car(repository.blocks))
  expect(found.map(nameOf)).toEqual(NAMES)
  expect(found.find(({ rkey }) => rkey === '3krsxaaaaaaa2')?.record).toEqual(post('one'))
  expect(found.find(({ collection }) => collection.endsWith('like'))?.record).toEqual({
    $type: 'app.bsky.feed.like',
  })
})

test('reads the blocks in any order and in chunks of any size', async () => {
  const unique = repository.blocks.filter(
    ({ cid }, index, all) => all.findIndex((other) => other.cid.equals(cid)) === index,
  )
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(unique, { minLength: unique.length }),
      fc.integer({ min: 1, max: 400 }),
      async (blocks, chunk) => {
        const found = await read(await car(blocks), chunk)
        expect(found.map(nameOf)).toEqual(NAMES)
      },
    ),
    { numRuns: 50 },
  )
})

test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ['a truncated file', (bytes) => bytes.subarray(0, -10)],
  [
    'a changed byte',
    (bytes) => Uint8Array.from(bytes, (byte, index) => (index === bytes.length - 5 ? byte ^ 1 : byte)),
  ],
  ['another kind of file', () => new TextEncoder().encode('{"posts": []}')],
  ['an empty file', () => new Uint8Array()],
])('refuses %s', async (_case, change) => {
  await expect(read(change(await car(repository.blocks)))).rejects.toThrow(RepositoryError)
})

test('reads the current tree alone, when the file has earlier ones too', async () => {
  const earlier = buildRepository(DID, { ...records, 'app.bsky.feed.post/3krsxaaaaaae2': post('deleted') })
  const found = await read(await car([...earlier.blocks, ...repository.blocks]))
  expect(found.map(nameOf)).toEqual(NAMES)
})

test('gives the records that a part of a repository has, and then says that blocks are missing', async () => {
  const found: string[] = []
  const [commit, node, first] = repository.blocks
  const bytes = await car([commit!, node!, first!])
  const reading = (async () => {
    for await (const record of decodeRepository(Readable.from([bytes]))) found.push(nameOf(record))
  })()
  await expect(reading).rejects.toThrow('3 blocks are missing')
  expect(found).toEqual(NAMES.slice(0, 1))
})

test('refuses a file without the commit', async () => {
  const [, ...rest] = repository.blocks
  await expect(read(await car(rest))).rejects.toThrow(/no commit/)
})
