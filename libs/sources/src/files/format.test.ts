import { join } from 'node:path'
import {
  InvalidPostError,
  checkSourcePost,
  placeOf,
  type JsonObject,
  type SourcePost,
} from '@mediakeep/plugin-api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mediaLines, readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

const SHA256 = 'a'.repeat(64)
const read = (item: JsonObject): SourcePost =>
  sourceFormat.read(
    { path: 'a.jpg', sha256: SHA256, byteSize: 3, modifiedAt: 1714557600_000, ...item },
    placeOf(),
  ) as SourcePost

test('each media file is a post of its own, named by its bytes; other files are none', async () => {
  const { posts, unrecognised } = await readSample(join(import.meta.dirname, 'samples/folder'), [
    sourceFormat,
  ])
  expect(posts.map(({ post }) => mediaLines(post))).toEqual([
    ['content image /path 2024/IMG_20240501_100000.jpg'],
    ['content image /path quay.png'],
  ])
  for (const { post } of posts) expect(post.urn).toMatch(/^files:[0-9a-f]{64}$/)
  expect(unrecognised.map(({ path }) => path)).toEqual(['notes.md'])
})

test.each([
  ['IMG_20240501_100000.jpg', 1714557600_000],
  ['PXL_20240501_100000123.jpg', 1714557600_000],
  ['Screenshot 2024-05-01 10.00.00.png', 1714557600_000],
  ['IMG-20240501-WA0001.jpg', 1600000000_000],
  ['20249901_100000.jpg', 1600000000_000],
  ['quay.jpg', 1600000000_000],
])('the time of %s', (path, time) => {
  expect(read({ path, modifiedAt: 1600000000_000 }).postedAt).toBe(time)
})

test('a file from before 2000, as in a zip without times, is kept', () => {
  const post = read({ modifiedAt: Date.UTC(1980, 0, 1) })
  expect(checkSourcePost(sourceFormat, post)).toBe(post)
  expect(post.media[0]).toMatchObject({ key: SHA256, attested: { sha256: SHA256, byteSize: 3 } })
})

test('any item is read or refused as invalid, nothing else', () => {
  const value = fc.jsonValue() as fc.Arbitrary<JsonObject[string]>
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('path', 'sha256', 'byteSize', 'modifiedAt'), value), (item) => {
      try {
        read(item)
      } catch (error) {
        if (!(error instanceof InvalidPostError)) throw error
      }
    }),
  )
})
