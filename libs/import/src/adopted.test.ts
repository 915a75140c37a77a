import type { JsonObject, SourceFormat } from '@mediakeep/plugin-api'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exported, repost, storeAsOriginalTool, urnIn } from './adopted.fixture.ts'
import { createImportRun, readRunProgress, runImport, type RunProgress } from './index.ts'
import { formats, importPosts, invented, postsFile, urnOf } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.query('TRUNCATE posts, download_runs CASCADE'))
afterAll(() => database.drop())

const urns = async (): Promise<string[]> =>
  (await database.query<{ urn: string }>('SELECT urn FROM posts ORDER BY urn')).rows.map(({ urn }) => urn)

const bareRow = (n: number, fullUrn: string | null, rawJson: string | null): Promise<unknown> =>
  database.query(
    `INSERT INTO posts (post_id, urn, full_urn, posted_at_timestamp, raw_json) VALUES ($1, $2, $3, 0, $4)`,
    [`p-bare${n}`, urnOf(n), fullUrn, rawJson],
  )

const kinds = ['activity', 'share', 'ugcPost'] as const

describe('posts that the original tool stored', () => {
  test.each(kinds)('are known when its full_urn is of an %s', async (kind) => {
    const posts = Array.from({ length: 22 }, (_, n) => exported(n, kind))
    for (const post of posts) await storeAsOriginalTool(database, post)
    const before = await urns()
    const { posts: counts } = await importPosts(database, await postsFile(posts))
    expect(counts).toMatchObject({ new: 0, known: 22, rejected: 0 })
    expect(await urns()).toEqual(before)
  })

  test('are known to exports that name only the activity, or no full_urn', async () => {
    await storeAsOriginalTool(database, exported(1, 'activity'))
    await storeAsOriginalTool(database, exported(2, 'ugcPost'))
    const plain = invented(1, { urn: urnOf(1) })
    const withoutFullUrn = exported(2, 'ugcPost', { full_urn: null })
    const { posts } = await importPosts(database, await postsFile([plain, withoutFullUrn]))
    expect(posts).toMatchObject({ new: 0, known: 2 })
  })

  test('without their JSON they go by their urn', async () => {
    await storeAsOriginalTool(database, exported(1, 'share'))
    await database.query('UPDATE posts SET raw_json = NULL')
    const { posts } = await importPosts(database, await postsFile([exported(1, 'share')]))
    expect(posts).toMatchObject({ new: 0, known: 1 })
  })

  test('under another urn they are found by full_urn', async () => {
    const post = exported(1, 'ugcPost')
    await storeAsOriginalTool(database, post)
    await database.query(`UPDATE posts SET urn = 'theirs-1'`)
    const { posts } = await importPosts(database, await postsFile([post]))
    expect(posts).toMatchObject({ new: 0, known: 1 })
    expect(await urns()).toEqual(['theirs-1'])
  })
})

describe('posts that we store', () => {
  test.each(kinds)('are found by the original tool when its full_urn is of an %s', async (kind) => {
    const posts = Array.from({ length: 5 }, (_, n) => exported(n, kind))
    await importPosts(database, await postsFile(posts))
    for (const post of posts) expect(await storeAsOriginalTool(database, post)).toBe('known')
    const { rows } = await database.query('SELECT full_urn FROM posts ORDER BY 1')
    expect(rows.map((row) => row.full_urn)).toEqual(posts.map((post) => post.full_urn))
  })

  test('that an earlier version stored under the bare number are known, and keep it', async () => {
    const [one, two] = [exported(1, 'share'), exported(2, 'activity')]
    await bareRow(1, urnIn(one), JSON.stringify(one))
    await bareRow(2, urnIn(two), JSON.stringify(two))
    const { posts } = await importPosts(database, await postsFile([one, two]))
    expect(posts).toMatchObject({ new: 0, known: 2 })
    expect(await urns()).toEqual([urnOf(1), urnOf(2)])
  })

  test('both ways are one: the row of the original tool is the known one', async () => {
    const post = exported(1, 'share')
    await bareRow(1, urnIn(post), JSON.stringify(post))
    await storeAsOriginalTool(database, post)
    const { runId } = await importPosts(database, await postsFile([post]))
    const { rows } = await database.query(
      'SELECT urn FROM data_downloads JOIN posts USING (post_id) WHERE run_id = $1',
      [runId],
    )
    expect(rows).toEqual([{ urn: post.full_urn }])
  })
})

describe('a repost and its original are two posts', () => {
  const original = exported(1, 'ugcPost')

  test('imported together', async () => {
    const file = await postsFile([repost(2, original), original, repost(3, original)])
    for (const expected of [3, 0]) {
      const { posts } = await importPosts(database, file)
      expect(posts).toMatchObject({ new: expected, known: 3 - expected })
    }
    expect(await urns()).toEqual(
      [`urn:li:activity:${urnOf(2)}`, `urn:li:activity:${urnOf(3)}`, urnIn(original)].sort(),
    )
  })

  test('when the original tool stored the repost under the urn of the original', async () => {
    await storeAsOriginalTool(database, repost(2, original))
    const { posts } = await importPosts(database, await postsFile([original, repost(2, original)]))
    expect(posts).toMatchObject({ new: 1, known: 1 })
    expect(await urns()).toEqual([`urn:li:activity:${urnOf(1)}`, urnIn(original)].sort())
    const again = await importPosts(database, await postsFile([original]))
    expect(again.posts).toMatchObject({ new: 0, known: 1 })
  })

  test('when we stored many reposts under bare numbers and the full_urn of the original', async () => {
    for (let n = 10; n < 30; n++) {
      await bareRow(n, urnIn(original), JSON.stringify(repost(n, original)))
    }
    const { posts } = await importPosts(database, await postsFile([original, repost(11, original)]))
    expect(posts).toMatchObject({ new: 1, known: 1 })
    expect(await urns()).toContain(original.full_urn)
  })
})

describe('platforms', () => {
  const format = (platform: string): SourceFormat => ({
    name: platform,
    platform,
    wrapperKeys: [],
    recognises: (post) => post.on === platform,
    read: (post) => ({ urn: post.id as string, postedAt: 0, text: platform, media: [] }),
  })
  const platforms = ['x', 'forum', 'youtube', 'substack']
  const posts = platforms.map((on) => ({ on, id: '1234567890' }))
  const importAll = async (some: JsonObject[]): Promise<RunProgress> => {
    const runId = await createImportRun(database, { files: [await postsFile(some)], machine: 'here' })
    return runImport(database, { runId, formats: platforms.map(format) })
  }

  test('have posts of one id each, and those that the original tool never wrote a prefix', async () => {
    expect((await importAll(posts)).posts).toMatchObject({ new: 4, known: 0, rejected: 0 })
    const { rows } = await database.query('SELECT urn, text_content AS on FROM posts ORDER BY 2')
    expect(rows).toEqual([
      { urn: 'forum:1234567890', on: 'forum' },
      { urn: 'substack:1234567890', on: 'substack' },
      { urn: 'x:1234567890', on: 'x' },
      { urn: '1234567890', on: 'youtube' },
    ])
    expect((await importAll(posts)).posts).toMatchObject({ new: 0, known: 4 })
  })

  test('a post that an earlier version stored without the prefix is known', async () => {
    await database.query(`INSERT INTO posts (post_id, urn, platform, posted_at_timestamp, raw_json)
      VALUES ('p-x', '1234567890', 'x', 0, '{"on":"x","id":"1234567890"}')`)
    expect((await importAll(posts)).posts).toMatchObject({ new: 3, known: 1, rejected: 0 })
    expect(await urns()).toEqual([
      '1234567890',
      'forum:1234567890',
      'substack:1234567890',
      'youtube:1234567890',
    ])
  })
})

test('the original tool and ours, at once on the same posts, leave each post once', async () => {
  const posts = Array.from({ length: 400 }, (_, n) => exported(n, kinds[n % 3]!))
  const file = await postsFile(posts)
  const theirs = async (): Promise<void> => {
    for (const post of posts.toReversed()) {
      // Its insert fails when ours comes between its look-up and its insert. It continues with the next post.
      await storeAsOriginalTool(database, post).catch((error: unknown) => {
        expect(error).toMatchObject({ code: '23505' })
      })
    }
  }
  const runId = await createImportRun(database, { files: [file], machine: 'here' })
  await Promise.all([theirs(), runImport(database, { runId, formats }), theirs()])
  expect(await urns()).toEqual(posts.map((post) => urnIn(post)).sort())
  expect((await readRunProgress(database, runId))!.posts).toMatchObject({ processed: 400, rejected: 0 })
})

test('our insert waits for the one of the original tool, and then knows its post', async () => {
  const post = exported(1, 'share')
  const runId = await createImportRun(database, { files: [await postsFile([post])], machine: 'here' })
  let run: Promise<unknown> = Promise.resolve()
  await database.transaction(async (sql) => {
    await sql.query(
      `INSERT INTO posts (post_id, urn, full_urn, posted_at_timestamp, raw_json) VALUES ('p-theirs', $1, $1, 0, $2)`,
      [post.full_urn, JSON.stringify(post)],
    )
    run = runImport(database, { runId, formats })
    await expect
      .poll(async () => (await sql.query(`SELECT FROM pg_locks WHERE NOT granted`)).rows.length)
      .toBeGreaterThan(0)
  })
  await run
  expect(await urns()).toEqual([post.full_urn])
  expect((await readRunProgress(database, runId))!.posts).toMatchObject({ new: 0, known: 1 })
})
