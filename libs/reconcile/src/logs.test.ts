import { readMediaUrl } from '@mediakeep/media-url'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from './reconcile.ts'

const EVENTS = [{ timestamp: '2026-10-03T08:00:00Z', event: 'ai_analysis_started', status: 'started' }]
const DEEP = '['.repeat(20_000) + ']'.repeat(20_000)

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    `INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u1', 1733000000123)`,
  )
})
afterAll(() => database.drop())

test.each([
  ['JSON text of an array', JSON.stringify(EVENTS), EVENTS],
  ['JSON text of JSON text', JSON.stringify(JSON.stringify(EVENTS)), EVENTS],
  ['JSON text of one event', JSON.stringify(EVENTS[0]), EVENTS],
  ['one event', EVENTS[0], EVENTS],
  ['empty text', '', ['']],
  ['text that is no JSON', 'started at noon', ['started at noon']],
  ['JSON text of null', 'null', []],
  ['null', null, []],
  ['text with a NUL in it', '["\\u0000"]', ['["\\u0000"]']],
  ['text with half a surrogate pair', '["\\ud83d"]', ['["\\ud83d"]']],
  ['text with a whole pair', '["\\ud83d\\ude00"]', ['😀']],
  ['text of 20,000 levels', DEEP, [DEEP]],
])('a log that is %s becomes an array, and loses nothing', async (_, stored, expected) => {
  await database.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, ai_analysis_log)
     VALUES ('med-1', 'p-1', 'image', 'https://media.example/1', 'k', $1)`,
    [JSON.stringify(stored)],
  )
  expect(await reconcile(database, { readMediaUrl })).toMatchObject({ keyed: 0, parsedLogs: 1 })
  const { rows } = await database.query('DELETE FROM public.post_media RETURNING ai_analysis_log AS log')
  expect(rows).toEqual([{ log: expected }])
})

test('duplicates of which one has its log as text keep the events of both', async () => {
  await database.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, ai_analysis_log)
     VALUES ('med-1', 'p-1', 'image', 'https://media.example/1', to_jsonb($1::text)),
       ('med-2', 'p-1', 'image', 'https://media.example/1', $1::jsonb)`,
    [JSON.stringify(EVENTS)],
  )
  await reconcile(database, { readMediaUrl })
  const { rows } = await database.query('SELECT ai_analysis_log AS log FROM public.post_media')
  expect(rows).toEqual([{ log: [...EVENTS, ...EVENTS] }])
})
