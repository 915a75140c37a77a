import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPlugins } from '@mediakeep/plugin-api'
import { createTestDatabase } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { createImportRun, readRejectedPosts, readRunSummary, runImport } from './index.ts'
import { formats, invented, postsFile } from './posts.fixture.ts'

// A third-party plugin: in its own folder, sharing nothing with our code but the shape of the object.
const FORUM = `
class InvalidPostError extends Error {
  name = 'InvalidPostError'
  constructor(pointer, message, code) { super(message); this.pointer = pointer; this.code = code }
}
export const sourceFormat = {
  name: 'forum',
  platform: 'forum',
  wrapperKeys: ['threads'],
  recognises: (post) => 'thread' in post,
  read(post) {
    if (post.thread === 0) throw new InvalidPostError('/thread', 'no thread', 'no_thread')
    if (post.thread === 13) return post.nothing.at.all
    if (post.thread === 14) return { urn: 7, postedAt: 0, media: [] }
    if (post.thread === 15) return { urn: 'forum:15', postedAt: 1e15, media: [] }
    const media = post.pictures.map((url, n) => ({ url, role: 'content', mediaType: 'image', pointer: '/pictures/' + n }))
    return { urn: 'forum:' + post.thread, postedAt: Date.parse(post.at), totalReactions: 1.5, media }
  },
}`

test('a plugin from outside brings its posts in, beside those of ours', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'forum-')), 'forum.mjs')
  await writeFile(path, FORUM)
  const { sourceFormats } = await loadPlugins([path])
  const at = '2026-05-01T12:00:00Z'
  const threads = [
    { thread: 1, at, pictures: ['https://forum.example/1.jpg', 'https://forum.example/2.jpg'] },
    { thread: 0 },
    { thread: 13 },
    { thread: 14 },
    { thread: 15 },
    { thread: 2, at, pictures: [] },
    invented(1),
  ]
  const database = await createTestDatabase()
  const runId = await createImportRun(database, {
    files: [await postsFile(JSON.stringify({ threads }))],
    machine: 'here',
  })
  await runImport(database, { runId, formats: [...formats, ...sourceFormats] })
  expect(await readRunSummary(database, runId)).toMatchObject({
    posts: { processed: 7, new: 3, rejected: 4 },
    references: { found: 3 },
  })
  expect(await readRejectedPosts(database, runId)).toMatchObject([
    { index: 1, code: 'no_thread', pointer: '/thread', reason: 'no thread' },
    { index: 2, code: 'plugin_error' },
    { index: 3, code: 'no_urn' },
    { index: 4, code: 'date_out_of_range' },
  ])
  const { rows } = await database.query(`SELECT urn FROM posts WHERE platform = 'forum' ORDER BY 1`)
  expect(rows).toEqual([{ urn: 'forum:1' }, { urn: 'forum:2' }])
  await database.drop()
})
