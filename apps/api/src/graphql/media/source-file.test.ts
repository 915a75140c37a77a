import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi

const digest = (digit: string): string => digit.repeat(64)

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 30, 1)
  await db.query(
    `INSERT INTO mediakeep.exports (export_id, machine, path, kind, sha256_sum, byte_size, modified_at, trouble)
     VALUES ('exp-1', 'attic', '/exports/x archive.zip', 'zip', $1, 10, 1, NULL),
       ('exp-2', 'attic', '/exports/older', 'folder', $2, 10, 0, 'export_missing: it is away')`,
    [digest('a'), digest('b')],
  )
  await db.query(
    `INSERT INTO mediakeep.media_files (media_id, export_id, member_path, member_order, ended_at, end_reason, read_at)
     SELECT media_id, 'exp-1', 'media/' || media_id || '.jpg', 1, now(), NULL, timestamptz '2026-01-02 03:04Z'
     FROM post_media WHERE media_id <> 'med-00000002' AND media_id <> 'med-00000003'
     UNION ALL VALUES ('med-00000001', 'exp-2', 'other.jpg', 1, NULL::timestamptz, NULL, NULL::timestamptz),
       ('med-00000002', 'exp-2', 'two.jpg', 1, NULL, NULL, NULL)`,
  )
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

interface Item {
  readonly id: string
  readonly sourceFile: object | null
}

const read = async (first: number): Promise<Item[]> =>
  (
    await api.ask<{ mediaItems: { nodes: Item[] } }>(
      `query ($first: Int) { mediaItems(first: $first, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id: mediaId
         sourceFile { member container kind sha256 path machine readAt problem } } } }`,
      { first },
    )
  ).mediaItems.nodes

test('media name the file of the export from which their bytes were read', async () => {
  const items = new Map((await read(20)).map(({ id, sourceFile }) => [id, sourceFile]))
  expect(items.get('med-00000001')).toEqual({
    member: 'media/med-00000001.jpg',
    container: 'x archive.zip',
    kind: 'zip',
    sha256: digest('a'),
    path: '/exports/x archive.zip',
    machine: 'attic',
    readAt: '2026-01-02T03:04:00.000Z',
    problem: null,
  })
})

test('a file that was not read says why, and media without one have none', async () => {
  const items = new Map((await read(20)).map(({ id, sourceFile }) => [id, sourceFile]))
  expect(items.get('med-00000002')).toMatchObject({
    member: 'two.jpg',
    container: 'older',
    kind: 'folder',
    readAt: null,
    problem: 'export_missing: it is away',
  })
  expect(items.get('med-00000003')).toBeNull()
})

test('the files of a page are read by one statement', async () => {
  const [few, ofFew] = await api.statements(() => read(2))
  const [many, ofMany] = await api.statements(() => read(20))
  expect([few.length, many.length]).toEqual([2, 20])
  expect(ofMany).toBe(ofFew)
})
