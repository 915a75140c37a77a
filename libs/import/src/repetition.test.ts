import type { Database } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createImportRun, readRunSummary, runImport, type RunProgress } from './index.ts'
import { formats, importPosts, invented, postsFile, rowsOf, signed, urnOf } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.query('TRUNCATE posts, download_runs CASCADE'))
afterAll(() => database.drop())

const posts = (from: number, to: number): ReturnType<typeof invented>[] =>
  Array.from({ length: to - from }, (_, n) => invented(from + n))

const media = async (): Promise<unknown[]> =>
  (await database.query('SELECT media_url, fate, fate_reason, download_attempts FROM post_media')).rows

test('a file imported twice leaves the rows of once, and one snapshot more', async () => {
  const file = await postsFile(posts(0, 700))
  await importPosts(database, file)
  const once = await rowsOf(database)
  const { posts: counts, references } = await importPosts(database, file)
  expect(counts).toEqual({ processed: 700, new: 0, known: 700, rejected: 0 })
  expect(references).toEqual({ found: 700, new: 0, refreshed: 0 })
  expect(await rowsOf(database)).toEqual(once)
  const { rows } = await database.query('SELECT count(*)::int AS n FROM data_downloads GROUP BY run_id')
  expect(rows).toEqual([{ n: 700 }, { n: 700 }])
})

test('a known post changes nothing of its row, and its snapshot says what is new', async () => {
  await importPosts(database, await postsFile([invented(1)]))
  const changed = invented(1, { text: 'edited', stats: { total_reactions: 99, like: 98 } })
  await importPosts(database, await postsFile([changed]))
  const { rows } = await database.query(
    `SELECT text_content, p.raw_json = d.raw_json AS same, total_reactions, stats_json::json AS stats,
       d.raw_json::json ->> 'text' AS text
     FROM posts p JOIN data_downloads d USING (post_id) ORDER BY downloaded_at`,
  )
  expect(rows).toMatchObject([
    { text_content: 'The harbour, day 1', same: true, total_reactions: 1 },
    {
      text_content: 'The harbour, day 1',
      same: false,
      total_reactions: 99,
      stats: { like: 98 },
      text: 'edited',
    },
  ])
})

/** Imports concurrently, and collects errors of transactions that were retried. */
async function atOnce(files: string[]): Promise<{ runs: RunProgress[]; errors: unknown[] }> {
  const errors: unknown[] = []
  const db: Database = {
    ...database,
    transaction: (work) =>
      database.transaction(work).catch((error: unknown) => {
        errors.push((error as { code?: unknown }).code)
        throw error
      }),
  }
  const imports = files.map(async (file) => {
    const runId = await createImportRun(db, { files: [file], machine: 'here' })
    return runImport(db, { runId, formats })
  })
  return { runs: await Promise.all(imports), errors }
}

test('imports at once, overlapping in opposite orders: no deadlock, no conflict, the rows of once', async () => {
  const freshly = (signature: string): ReturnType<typeof invented>[] =>
    Array.from({ length: 490 }, (_, n) =>
      invented(n, {
        media: { type: 'image', images: [signed(`a${n}`, signature), signed(`b${n}`, signature)] },
      }),
    )
  for (const signature of ['a', 'b', 'c']) {
    const all = freshly(signature)
    const [file, reversed] = [await postsFile(all), await postsFile(all.toReversed())]
    const { runs, errors } = await atOnce([file, reversed, file, reversed])
    expect(errors).toEqual([])
    const isFirst = signature === 'a'
    expect(runs.reduce((sum, run) => sum + run.posts.new, 0)).toBe(isFirst ? 490 : 0)
    expect(runs.reduce((sum, run) => sum + run.references.new, 0)).toBe(isFirst ? 980 : 0)
    expect(runs.reduce((sum, run) => sum + run.references.refreshed, 0)).toBe(isFirst ? 0 : 980)
  }
  const rows = await rowsOf(database)
  await database.query('TRUNCATE posts, download_runs CASCADE')
  await importPosts(database, await postsFile(freshly('a')))
  await importPosts(database, await postsFile(freshly('c')))
  expect(rows).toEqual(await rowsOf(database))
})

describe('the same picture under a fresh signature', () => {
  const shown = (signature: string, expires?: number): Promise<string> =>
    postsFile([invented(1, { media: { type: 'image', url: signed('photo', signature, expires) } })])

  test('is the same row with the fresh URL and expiry', async () => {
    await importPosts(database, await shown('a'))
    const { references } = await importPosts(database, await shown('b', 1_890_000_001))
    expect(references).toEqual({ found: 1, new: 0, refreshed: 1 })
    expect(await media()).toMatchObject([{ media_url: signed('photo', 'b', 1_890_000_001), fate: 'waiting' }])
    const { rows } = await database.query('SELECT url_expires_at FROM post_media')
    expect(rows).toEqual([{ url_expires_at: new Date(1_890_000_001_000) }])
  })

  test.each(['expired', 'gone', 'failed', 'rejected', 'blocked'])('brings back what was %s', async (fate) => {
    await importPosts(database, await shown('a'))
    const end = `UPDATE post_media SET fate = '${fate}', fate_reason = 'http_403', download_attempts = 4`
    await database.query(end)
    await importPosts(database, await shown('a'))
    expect(await media(), 'the URL that failed').toMatchObject([{ fate, fate_reason: 'http_403' }])
    await importPosts(database, await shown('b'))
    expect(await media()).toMatchObject([{ fate: 'waiting', fate_reason: null, download_attempts: 0 }])
  })

  test.each([
    ['is fetched', `fate = 'fetched'`],
    ['a person judged', `fate = 'rejected', judged_at = now()`],
  ])('leaves alone what %s', async (_name, state) => {
    await importPosts(database, await shown('a'))
    await database.query(`UPDATE post_media SET ${state}`)
    const before = await media()
    await importPosts(database, await shown('b'))
    expect(await media()).toEqual(before)
  })

  test('is asked for instead of a rejected file that is still in the cache', async () => {
    await importPosts(database, await shown('a'))
    await database.query(`UPDATE post_media SET fate = 'rejected', local_file_path = 'media/a.jpg'`)
    await importPosts(database, await shown('b'))
    const { rows } = await database.query('SELECT fate, local_file_path FROM post_media')
    expect(rows).toEqual([{ fate: 'waiting', local_file_path: null }])
  })

  test('an older export does not bring back an older URL', async () => {
    await importPosts(database, await shown('b', 1_890_000_001))
    await importPosts(database, await shown('a'))
    expect(await media()).toMatchObject([{ media_url: signed('photo', 'b', 1_890_000_001) }])
  })
})

test('one URL at many places of a post is one row: the strongest role, all pointers, the latest signature', async () => {
  const post = invented(1, {
    article: { thumbnail: signed('p', 'new', 1_890_000_009) },
    media: { type: 'image', url: signed('p'), images: [{ url: signed('p'), width: 8, height: 6 }] },
    reshared_post: { author: { profile_picture: signed('p') } },
  })
  await importPosts(database, await postsFile([post]))
  await importPosts(database, await postsFile([invented(1, { author: { profile_picture: signed('p') } })]))
  const { rows } = await database.query(
    'SELECT role, media_url, width, height, json_pointers FROM post_media WHERE width = 8',
  )
  expect(rows).toEqual([
    {
      role: 'content',
      media_url: signed('p', 'new', 1_890_000_009),
      width: 8,
      height: 6,
      json_pointers: [
        '/media/url',
        '/media/images/0/url',
        '/article/thumbnail',
        '/reshared_post/author/profile_picture',
        '/author/profile_picture',
      ],
    },
  ])
})

test('one picture under 50 URLs is 50 rows; what can never be fetched is a blocked one', async () => {
  const images = Array.from({ length: 50 }, (_, n) => `https://media.example/same.jpg?copy=${n}`)
  const odd = [
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'photo.jpg',
    42,
    `https://${'a.'.repeat(200)}example/i`,
  ]
  const file = await postsFile([invented(1, { media: { type: 'images', images: [...images, ...odd] } })])
  const { references, media: fates } = await importPosts(database, file)
  expect(references.found).toBe(55)
  expect(fates).toMatchObject({ found: 55, waiting: 50, blocked: 5 })
  const { rows } = await database.query(
    `SELECT fate_reason FROM post_media WHERE fate = 'blocked' ORDER BY 1`,
  )
  expect(rows.map((row) => row.fate_reason)).toEqual([
    'invalid_url: host name too long',
    'invalid_url: not a URL',
    'invalid_url: not a URL',
    'scheme: only http and https are fetched',
    'scheme: only http and https are fetched',
  ])
})

test('a row of an older tool, without a source key yet, is not doubled', async () => {
  const postId = 'p-0badcafe'
  await database.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ($1, $2, 0)`, [
    postId,
    urnOf(1),
  ])
  await database.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url) VALUES ($1, $2, 'image', $3)`,
    ['med-0badcafe', postId, signed('photo-1', 'old')],
  )
  const { references } = await importPosts(database, await postsFile([invented(1)]))
  expect(references).toMatchObject({ found: 1, new: 0 })
})

test('the summary counts what became of the media of the run', async () => {
  const run = await importPosts(database, await postsFile(posts(0, 10)))
  expect(run.media).toMatchObject({ found: 10, waiting: 10, deduplicated: 0 })
  const sum = 'f'.repeat(64)
  const { rows } = await database.query<{ media_id: string }>('SELECT media_id FROM post_media ORDER BY 1')
  const fates = ['fetched', 'fetched', 'fetched', 'expired', 'gone', 'rejected', 'failed']
  for (const [index, fate] of fates.entries()) {
    await database.query('UPDATE post_media SET fate = $2, sha256_sum = $3 WHERE media_id = $1', [
      rows[index]!.media_id,
      fate,
      fate === 'fetched' ? sum : null,
    ])
  }
  expect((await readRunSummary(database, run.runId))!.media).toEqual({
    found: 10,
    waiting: 3,
    fetched: 3,
    deduplicated: 2,
    expired: 1,
    gone: 1,
    blocked: 0,
    rejected: 1,
    failed: 1,
  })
})
