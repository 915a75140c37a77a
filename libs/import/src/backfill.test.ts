import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  backfill,
  createBackfillRun,
  importStage,
  previewBackfill,
  readRejectedPosts,
  readRunProgress,
} from './index.ts'
import { formats, importPosts, invented, postsFile, rowsOf, signed, urnOf } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await database.query('TRUNCATE posts, download_runs CASCADE')
  const posts = Array.from({ length: 1300 }, (_, n) => invented(n))
  await importPosts(database, await postsFile(posts))
})
afterAll(() => database.drop())

const countMedia = async (): Promise<unknown> =>
  (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM post_media')).rows[0]!.n

test('finds the media that are missing in stored posts, once', async () => {
  const before = await rowsOf(database)
  await database.query('DELETE FROM post_media')
  expect(await previewBackfill(database, { formats })).toEqual({
    posts: 1300,
    rejected: 0,
    unknown: 0,
    found: 1300,
    missing: 1300,
  })
  expect(await countMedia()).toBe(0)
  const first = await backfill(database, { formats })
  expect(first).toMatchObject({ status: 'completed', posts: { processed: 1300, known: 1300 } })
  expect(first.references).toEqual({ found: 1300, new: 1300, refreshed: 0 })
  expect(await rowsOf(database)).toEqual(before)
  expect((await backfill(database, { formats })).references).toEqual({ found: 1300, new: 0, refreshed: 0 })
  expect(await previewBackfill(database, { formats })).toMatchObject({ missing: 0 })
})

test('of the posts that were chosen, and no more than the limit', async () => {
  const { rows } = await database.query<{ post_id: string; media_id: string }>(
    'SELECT post_id, media_id FROM post_media ORDER BY posted_at LIMIT 3',
  )
  const count = async (selection: object): Promise<number> =>
    (await previewBackfill(database, { formats, selection })).posts
  expect(await count({ postId: rows[1]!.post_id })).toBe(1)
  expect(await count({ mediaId: rows[2]!.media_id })).toBe(1)
  expect(await count({ startDate: new Date(1_700_000_001_290).toISOString() })).toBe(10)
  expect(await count({ limit: 601 })).toBe(601)
  // The lowest time that the column can hold is before any start.
  await database.query(
    `UPDATE posts SET platform = 'youtube', posted_at_timestamp = -9223372036854775808 WHERE post_id = $1`,
    [rows[1]!.post_id],
  )
  expect(await count({ startDate: '1970-01-01T00:00:00Z' })).toBe(1299)
  await database.query('DELETE FROM post_media')
  await backfill(database, { formats, selection: { limit: 7 } })
  expect(await countMedia()).toBe(7)
})

test('interrupted, it goes on where it stood', async () => {
  await database.query('DELETE FROM post_media')
  const stop = new AbortController()
  const runId = await createBackfillRun(database, { limit: 1200 })
  const onProgress = (): void => stop.abort(new Error('stopped'))
  await expect(backfill(database, { formats, runId, signal: stop.signal, onProgress })).rejects.toThrow(
    'stopped',
  )
  expect(await countMedia()).toBe(500)
  const log = { info: () => undefined, error: () => undefined }
  const stage = importStage({ db: database, machine: 'any', formats, leaseSeconds: 30, log })
  expect(await stage.drain(new AbortController().signal)).toEqual({ done: 1, failed: 0 })
  expect(await countMedia()).toBe(1200)
  expect((await readRunProgress(database, runId))!.posts.processed).toBe(1200)
})

test('posts whose JSON cannot be read are told, the others are done', async () => {
  await database.query('DELETE FROM post_media')
  await database.query(`UPDATE posts SET raw_json = CASE WHEN urn < (SELECT urn FROM posts ORDER BY urn OFFSET 1 LIMIT 1)
    THEN '{"broken' END WHERE urn < (SELECT urn FROM posts ORDER BY urn OFFSET 2 LIMIT 1)`)
  const { runId, posts } = await backfill(database, { formats })
  expect(posts).toEqual({ processed: 1299, new: 0, known: 1298, rejected: 1 })
  expect(await readRejectedPosts(database, runId)).toMatchObject([{ code: 'invalid_json', index: 0 }])
})

test('a post that only PostgreSQL refuses is rejected alone, the others are done', async () => {
  await database.query('DELETE FROM post_media')
  const refused = signed('photo-700')
  await database.query(`ALTER TABLE post_media ADD CONSTRAINT no_storms CHECK (media_url <> '${refused}')`)
  const { runId, status, posts, references } = await backfill(database, { formats }).finally(() =>
    database.query('ALTER TABLE post_media DROP CONSTRAINT no_storms'),
  )
  expect(status).toBe('completed')
  expect(posts).toEqual({ processed: 1300, new: 0, known: 1299, rejected: 1 })
  expect(references).toEqual({ found: 1299, new: 1299, refreshed: 0 })
  const { rows } = await database.query<{ id: string }>('SELECT post_id AS id FROM posts WHERE urn = $1', [
    `urn:li:activity:${urnOf(700)}`,
  ])
  expect(await readRejectedPosts(database, runId)).toMatchObject([
    { file: rows[0]!.id, code: 'refused_by_database' },
  ])
})

test('a row of an older tool that bears no source key yet is not doubled', async () => {
  await database.query('UPDATE post_media SET source_key = NULL, media_url = replace(media_url, $1, $2)', [
    signed('').split('?')[1],
    'Expires=1&Signature=old&Key-Pair-Id=K1',
  ])
  expect(await previewBackfill(database, { formats })).toMatchObject({ missing: 0 })
  expect((await backfill(database, { formats })).references.new).toBe(0)
  await database.query(`UPDATE post_media SET media_url = replace(media_url, '&', '&amp;')`)
  expect(await previewBackfill(database, { formats })).toMatchObject({ missing: 0 })
})

test('posts of platforms without a format are counted apart, and their seconds are seconds', async () => {
  await database.query(`INSERT INTO posts (post_id, urn, platform, posted_at_timestamp, raw_json) VALUES
    ('p-v1', 'dQw4w9WgXcQ', 'youtube', 1700000000, '{"videoId":"dQw4w9WgXcQ"}'),
    ('p-v2', 'substack:1', 'substack', 1800000000, '{"slug":"harbour"}')`)
  const { runId, status, posts } = await backfill(database, { formats })
  expect({ status, posts }).toEqual({
    status: 'completed',
    posts: { processed: 1302, new: 0, known: 1300, rejected: 0 },
  })
  expect(await readRejectedPosts(database, runId)).toEqual([])
  expect(await previewBackfill(database, { formats })).toMatchObject({ posts: 1302, rejected: 0, unknown: 2 })
  const selection = { startDate: '2026-01-01' }
  expect(await previewBackfill(database, { formats, selection })).toMatchObject({ posts: 1, unknown: 1 })
})
