import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject, SourceFormat } from '@mediakeep/plugin-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formats } from '../posts.fixture.ts'
import { previewImport, type ImportPreview } from '../preview-import.ts'

/** Reads a file in which each byte is the number of a post; 0 is damage. */
async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<JsonObject> {
  for await (const chunk of bytes) {
    for (const n of chunk) {
      if (n === 0) throw new Error('there is a hole in the file')
      yield { byte: n }
    }
  }
}

const bytesFormat: SourceFormat = {
  name: 'bytes',
  platform: 'bytes',
  files: [{ path: '**/*.posts', encoding: 'binary', decode }],
  recognises: ({ byte }) => typeof byte === 'number',
  read: ({ byte }) => ({ urn: `bytes:${byte as number}`, postedAt: 1_780_000_000_000, media: [] }),
}

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'decoded-'))))
afterAll(() => rm(folder, { recursive: true }))

async function preview(name: string, bytes: readonly number[]): Promise<ImportPreview> {
  await writeFile(join(folder, name), Uint8Array.from(bytes))
  return previewImport([join(folder, name)], [...formats, bytesFormat])
}

test('a file that only its format can read gives the items of its decoder', async () => {
  expect(await preview('whole.posts', [1, 2, 3])).toMatchObject({
    posts: 3,
    formats: { bytes: { posts: 3 } },
    fileErrors: [],
  })
})

test('what a decoder throws is one error of the file, and the posts before it stay', async () => {
  const { posts, fileErrors } = await preview('damaged.posts', [1, 2, 0, 3])
  expect(posts).toBe(2)
  expect(fileErrors).toEqual([expect.stringMatching(/damaged\.posts: there is a hole in the file$/)])
})
