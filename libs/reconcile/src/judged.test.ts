import { readMediaUrl } from '@mediakeep/media-url'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from './reconcile.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('merging keeps what a person judged, whichever row has more work done', async () => {
  await database.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u1', 0)`)
  await database.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, md5_sum, local_file_path, ai_analysis, fate,
       fate_reason, judged_at)
     VALUES ('med-a', 'p-1', 'image', $1, 'm', 'images/m.jpg', 'A cat', 'waiting', NULL, NULL),
       ('med-b', 'p-1', 'image', $1, NULL, NULL, NULL, 'rejected', 'a placeholder', '2025-01-03T00:00:00Z')`,
    ['https://media.licdn.com/dms/image/a.jpg?e=2000000000&v=beta&t=x'],
  )
  expect(await reconcile(database, { readMediaUrl })).toMatchObject({ merged: 1 })
  const { rows } = await database.query('SELECT * FROM post_media')
  expect(rows).toMatchObject([
    {
      media_id: 'med-b',
      fate: 'rejected',
      fate_reason: 'a placeholder',
      judged_at: new Date('2025-01-03'),
      md5_sum: 'm',
      ai_analysis: 'A cat',
    },
  ])
})
