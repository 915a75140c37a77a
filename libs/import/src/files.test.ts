import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPostFiles, previewImport } from './index.ts'
import { formats, invented, postsFile } from './posts.fixture.ts'

test('files are taken as named, folders with every posts file below them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posts-'))
  await mkdir(join(folder, 'b'))
  for (const name of ['b/2.NDJSON', 'a.json', 'note.txt', 'c.jsonl']) await writeFile(join(folder, name), '')
  const note = join(folder, 'note.txt')
  expect(await findPostFiles([note, folder, note])).toEqual([
    note,
    ...['a.json', 'b/2.NDJSON', 'c.jsonl'].map((name) => join(folder, name)),
  ])
  await expect(findPostFiles([join(folder, 'none')])).rejects.toThrow('ENOENT')
})

test('a preview tells what an import would find, without a database', async () => {
  const file = await postsFile([invented(1), { error: 'gone' }, invented(2)])
  expect(await previewImport([file, `${file}.none`], formats)).toMatchObject({
    posts: 2,
    media: 2,
    rejected: [{ file, index: 1, code: 'source_error' }],
    fileErrors: [expect.stringContaining('ENOENT')],
  })
})
