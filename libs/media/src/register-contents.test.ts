import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import type { Content } from '@mediakeep/content'
import { findContents, registerContents } from './register-contents.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.query('TRUNCATE mediakeep.contents CASCADE'))
afterAll(() => database.drop())

function image(text: string, md5 = createHash('md5').update(text).digest('hex')): Omit<Content, 'name'> {
  return {
    md5,
    sha256: createHash('sha256').update(text).digest('hex'),
    byteSize: text.length,
    mediaType: 'image',
    mimeType: 'image/jpeg',
    extension: 'jpg',
    width: 640,
    height: 480,
  }
}

test('a content is named by its MD5 and keeps its facts; registering it again changes nothing', async () => {
  const one = image('one')
  const first = await registerContents(database, [one, one])
  expect(first.get(one.sha256)).toEqual({ ...one, name: one.md5, durationMs: undefined })
  const again = await registerContents(database, [{ ...one, extension: 'png' }])
  expect(again).toEqual(first)
  expect(await findContents(database, [one.sha256, 'unknown'])).toEqual(first)
})

test('a content waits for its inspection, unless its bytes were decoded already', async () => {
  await registerContents(database, [image('one'), { ...image('two'), isInspected: true }])
  const found = await database.query(
    'SELECT md5_sum, inspected_at IS NOT NULL AS known FROM mediakeep.contents',
  )
  expect(new Map(found.rows.map((row) => [row['md5_sum'], row['known']]))).toEqual(
    new Map([
      [image('one').md5, false],
      [image('two').md5, true],
    ]),
  )
})

test('a second content with the same MD5 gets its SHA-256 in its name, in one batch too', async () => {
  const md5 = image('one').md5
  const collisions = ['one', 'two', 'three'].map((text) => image(text, md5))
  const names = [...(await registerContents(database, collisions)).values()].map((content) => content.name)
  expect(names).toHaveLength(3)
  expect(names.filter((name) => name === md5)).toHaveLength(1)
  const [plain, second] = collisions
  const known = await findContents(database, [plain!.sha256, second!.sha256])
  expect(await registerContents(database, [second!, plain!])).toEqual(known)
})

test('many processes that register the same colliding contents at once agree on the names', async () => {
  const contents = Array.from({ length: 3_000 }, (_, n) => image(`content ${n}`, image(`pair ${n >> 1}`).md5))
  await Promise.all(Array.from({ length: 8 }, () => database.query('SELECT pg_sleep(0.1)')))
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      database.transaction((sql) => registerContents(sql, n % 2 ? contents : contents.toReversed())),
    ),
  )
  const sorted = answers.map((answer) => [...answer.values()].map((content) => content.name).sort())
  for (const names of sorted) expect(names).toEqual(sorted[0])
  expect(new Set(sorted[0]).size).toBe(3_000)
  expect(sorted[0]!.filter((name) => name.length === 32)).toHaveLength(1_500)
})
