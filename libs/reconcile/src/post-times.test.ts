import { readMediaUrl } from '@mediakeep/media-url'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from './reconcile.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('the lowest time that the column can hold gives no publication time', async () => {
  await database.pg.query(`INSERT INTO posts (post_id, urn, platform, posted_at_timestamp)
      VALUES ('p-1', 'u1', 'youtube', -9223372036854775808);
    INSERT INTO post_media (media_id, post_id, media_type, media_url)
      VALUES ('med-1', 'p-1', 'image', 'https://i.ytimg.example/vi/a/hq.jpg')`)
  expect(await reconcile(database, { readMediaUrl })).toMatchObject({ keyed: 1 })
  expect((await database.query('SELECT posted_at FROM post_media')).rows).toEqual([{ posted_at: null }])
})
