import type { JsonObject } from '@mediakeep/plugin-api'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exported, repost, storeAsOriginalTool, urnIn } from './adopted.fixture.ts'
import { createImportRun, readRunProgress, readStoredIdentity, runImport } from './index.ts'
import { formats, importPosts, invented, postsFile, urnOf } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.query('TRUNCATE posts, download_runs CASCADE'))
afterAll(() => database.drop())

const urns = async (): Promise<string[]> =>
  (await database.query<{ urn: string }>('SELECT urn FROM posts ORDER BY urn')).rows.map(({ urn }) => urn)

describe('exports that name only the activity', () => {
  const plain = (n: number): JsonObject => invented(n, { urn: urnOf(n) })
  const byId = (n: number): JsonObject => invented(n, { urn: null, activity_id: urnOf(n) })

  test.each(['share', 'ugcPost'] as const)('know what we stored under a %s', async (kind) => {
    const original = exported(1, kind)
    await importPosts(database, await postsFile([original, repost(2, original)]))
    const { posts } = await importPosts(database, await postsFile([plain(1), byId(1), byId(2)]))
    expect(posts).toMatchObject({ new: 0, rejected: 0 })
    expect(await urns()).toEqual([`urn:li:activity:${urnOf(2)}`, urnIn(original)].sort())
  })

  test('are known to whole ones, imported later', async () => {
    const original = exported(1, 'ugcPost')
    await importPosts(database, await postsFile([plain(1), byId(2)]))
    const { posts } = await importPosts(database, await postsFile([original, repost(2, original)]))
    expect(posts).toMatchObject({ new: 0, known: 2 })
  })

  test('know what the original tool stored, once its JSON was read', async () => {
    const original = exported(1, 'ugcPost')
    await storeAsOriginalTool(database, original)
    const { identity } = readStoredIdentity(JSON.stringify(original), formats)!
    expect(identity).toBe(urnOf(1))
    await database.query('UPDATE posts SET source_id = $1', [identity])
    const { posts } = await importPosts(database, await postsFile([plain(1)]))
    expect(posts).toMatchObject({ new: 0, known: 1 })
  })

  test('are stored beside a row that holds their source id and is another post', async () => {
    await storeAsOriginalTool(database, exported(2, 'ugcPost'))
    await database.query('UPDATE posts SET source_id = $1', [urnOf(1)])
    for (const expected of [1, 0]) {
      const { posts } = await importPosts(database, await postsFile([plain(1)]))
      expect(posts).toMatchObject({ new: expected, known: 1 - expected })
    }
  })

  test('and whole ones, imported at once, leave each post once', async () => {
    const all = Array.from({ length: 300 }, (_, n) => n)
    const whole = await postsFile(all.map((n) => exported(n, 'ugcPost')))
    const bare = await postsFile(all.map(plain).toReversed())
    const runs = await Promise.all(
      [whole, bare].map((file) => createImportRun(database, { files: [file], machine: 'here' })),
    )
    await Promise.all(runs.map((runId) => runImport(database, { runId, formats })))
    expect(await urns()).toHaveLength(300)
    for (const runId of runs) {
      expect((await readRunProgress(database, runId))!.posts).toMatchObject({ processed: 300, rejected: 0 })
    }
  })
})
