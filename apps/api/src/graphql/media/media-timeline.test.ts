import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 20, 6)
  // The first and last instants of months, including a leap year; gaps of decades; one without a date.
  const dates = [
    '2023-12-31T23:59:59.999Z',
    '2024-01-01T00:00:00Z',
    '2024-02-29T23:00:00Z',
    '2024-03-01T00:00:00Z',
    '1999-03-01T00:00:00Z',
  ]
  const { rows } = await db.query<{ id: string }>('SELECT media_id AS id FROM post_media ORDER BY 1')
  for (const [n, { id }] of rows.entries())
    await db.query('UPDATE post_media SET posted_at = $2, role = $3 WHERE media_id = $1', [
      id,
      n === 0 ? null : dates[n % dates.length],
      [null, 'content', 'content', 'avatar'][n % 4],
    ])
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

test('by walking the index or by grouping what a filter leaves, the months are the same', async () => {
  const timeline = async (filter: object, direction: string): Promise<{ month: string; count: number }[]> =>
    (
      await api.ask<{ mediaTimeline: { month: string; count: number }[] }>(
        `query ($filter: MediaFilter, $direction: OrderDirection) {
           mediaTimeline(filter: $filter, orderBy: { field: POSTED_AT, direction: $direction }) { month count startCursor } }`,
        { filter, direction },
      )
    ).mediaTimeline
  const all = await timeline({}, 'DESC')
  expect(all.map(({ month }) => month)).toEqual(['2024-03', '2024-02', '2024-01', '2023-12', '1999-03'])
  for (const direction of ['ASC', 'DESC'])
    for (const filter of [{}, { role: 'content' }])
      expect(await timeline(filter, direction)).toEqual(
        await timeline({ ...filter, postedAfter: '1900-01-01T00:00:00.000Z' }, direction),
      )
  const count = (months: readonly { count: number }[]): number =>
    months.reduce((sum, one) => sum + one.count, 0)
  const content = await db.query(
    `SELECT FROM post_media WHERE posted_at IS NOT NULL AND role IS DISTINCT FROM 'avatar'`,
  )
  expect(count(await timeline({ role: 'content' }, 'DESC'))).toBe(content.rowCount)
  expect(count(all)).toBeGreaterThan(content.rowCount)
})
