import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject, SourceFormat } from '@mediakeep/plugin-api'
import { describe, expect, test } from 'vitest'
import { findPostFiles, previewImport } from './index.ts'
import { formats, invented, postsFile } from './posts.fixture.ts'

test('files are taken as named, folders as a whole and with the archives below them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posts-'))
  await mkdir(join(folder, 'b'))
  for (const name of ['b/2.NDJSON', 'b/3.zip', 'note.txt']) await writeFile(join(folder, name), '')
  const note = join(folder, 'note.txt')
  expect(await findPostFiles([note, folder, note])).toEqual({
    files: [note, folder, join(folder, 'b/3.zip')],
    skipped: 0,
    links: [],
  })
  await mkdir(join(folder, 'empty'))
  expect((await findPostFiles([join(folder, 'empty')])).files).toEqual([])
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

test('what operating systems leave is skipped and counted; links are followed within the folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posts-'))
  const outside = await postsFile([invented(9)])
  for (const name of ['__MACOSX', 'a', '.git']) await mkdir(join(folder, name))
  for (const name of ['a/1.json', '._posts.json', '__MACOSX/2.json', '.git/3.json']) {
    await writeFile(join(folder, name), '[]')
  }
  await symlink('a/1.json', join(folder, '0-again.json'))
  await symlink('..', join(folder, 'a', 'loop'))
  await symlink(outside, join(folder, 'outside.json'))
  await symlink('nowhere', join(folder, 'broken.json'))
  await symlink(folder, `${folder}-link`)
  expect(await findPostFiles([folder])).toEqual({
    files: [folder],
    skipped: 3,
    links: [join(folder, 'broken.json'), join(folder, 'outside.json')],
  })
  expect((await findPostFiles([`${folder}-link`])).files).toHaveLength(1)
  await rm(folder, { recursive: true })
  await rm(`${folder}-link`)
})

test.each([
  ['random bytes', randomBytes(500_000)],
  ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46])],
  ['AppleDouble', Buffer.from([0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00, 0x4d, 0x61, 0x63])],
  ['binary data behind a bracket', Buffer.concat([Buffer.from('['), Buffer.alloc(2000)])],
  ['a page', Buffer.from('<!doctype html><title>Sign in</title>')],
])('%s under the name of a posts file is one error', async (_name, bytes) => {
  const file = await postsFile(bytes)
  const { posts, rejected, fileErrors } = await previewImport([file, await postsFile([invented(1)])], formats)
  expect({ posts, rejected: rejected.length }).toEqual({ posts: 1, rejected: 0 })
  expect(fileErrors).toEqual([expect.stringContaining(`${file} is not JSON`)])
})

describe('the keys that wrap posts belong to the format of the posts', () => {
  const forum: SourceFormat = {
    name: 'forum',
    platform: 'forum',
    wrapperKeys: ['media', 'threads'],
    recognises: (post) => 'thread' in post,
    read: ({ thread }) => ({ urn: `forum:${Number(thread)}`, postedAt: 0, media: [] }),
  }
  const withItems = (n: number): JsonObject => invented(n, { items: [{ id: 1 }, { id: 2 }], media: [] })
  test.each<[string, string, number]>([
    ['lines of posts', [1, 2, 3].map((n) => JSON.stringify(withItems(n))).join('\n'), 3],
    ['a single post', JSON.stringify(withItems(1), null, 2), 1],
    ['an array', JSON.stringify([withItems(1), withItems(2)]), 2],
    ['a wrapper', JSON.stringify({ data: [withItems(1), withItems(2)] }), 2],
    ['a wrapper of the other format', JSON.stringify({ n: 1, threads: [{ thread: 1, items: [] }] }), 1],
    ['lines of wrappers', `{"data":[${JSON.stringify(withItems(1))}]}\n{"data":[]}\n`, 1],
  ])('%s', async (_name, text, expected) => {
    const file = await postsFile(text)
    for (const order of [
      [forum, ...formats],
      [...formats, forum],
    ]) {
      expect(await previewImport([file], order)).toMatchObject({
        posts: expected,
        rejected: [],
        fileErrors: [],
      })
    }
  })
})

test('a file of an unknown shape is one error, with the formats that there are, and how to add one', async () => {
  const file = await postsFile([{ id: 1 }, { id: 2 }, { id: 3 }])
  const { rejected, fileErrors } = await previewImport([file], formats)
  expect(rejected).toEqual([])
  expect(fileErrors).toHaveLength(1)
  expect(fileErrors[0]).toMatch(
    /holds no posts.*Formats tried: .*linkedin.*--format.*plugin-api.*MEDIAKEEP_PLUGINS/,
  )
})
