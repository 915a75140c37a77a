import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendCustody, itemEntries } from './append.ts'
import { publishedKeys } from './keys.ts'
import { append, WORKER } from './log.fixture.ts'
import { latestCheckpoint, makeCheckpoint } from './make-checkpoint.ts'
import { sequenceCustody } from './sequence.ts'
import { verifyDatabaseLog } from './verify-database.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
  await append(db, 'a', 'b', 'c')
  await appendCustody(db, { token: 'tok-1', name: 'Jane' }, [{ kind: 'rejected', subject: 'content:ab' }])
  await makeCheckpoint(db, WORKER)
  await append(db, 'd', 'e')
  await sequenceCustody(db)
})
afterEach(() => db.drop())

const ITEMS = ['x', 'y', 'z'].map((id) => ({ subject: `media:${id}` as const, sha256: id }))

const problems = async (): Promise<string[]> =>
  (await verifyDatabaseLog(db)).problems.map(({ number, problem }) => `${number} ${problem}`)

/** Changes the log as a superuser can. */
async function tamper(...statements: string[]): Promise<void> {
  await db.transaction(async (sql) => {
    await sql.query('SET LOCAL session_replication_role = replica')
    for (const statement of statements) await sql.query(statement)
  })
}

test('a log in order is verified while it grows, and says what waits', async () => {
  await append(db, 'f')
  const [key] = await publishedKeys(db)
  const anchors = { key: key!.fingerprint, checkpoints: [(await latestCheckpoint(db))!] }
  expect(await verifyDatabaseLog(db, anchors)).toEqual({
    entries: 7,
    checkpoints: 1,
    signedThrough: 5,
    keys: [key!.fingerprint],
    anchored: { byCheckpoint: 5, byKey: 5 },
    problems: [],
    waiting: 1,
  })
})

test.each([
  [
    `UPDATE mediakeep.custody_items SET item = replace(item, 'y', 'q'), subject = 'media:q' WHERE position = 1`,
  ],
  [`UPDATE mediakeep.custody_items SET subject = 'media:q' WHERE position = 1`],
  [`UPDATE mediakeep.custody_items SET position = 5 WHERE position = 2`],
  [`DELETE FROM mediakeep.custody_items WHERE position = 2`],
  [`DELETE FROM mediakeep.custody_items`],
  [`INSERT INTO mediakeep.custody_items VALUES (8, 3, 'media:q', '{"subject":"media:q"}')`],
  [`INSERT INTO mediakeep.custody_items VALUES (7, 0, 'media:q', '{"subject":"media:q"}')`],
  [`UPDATE mediakeep.custody_items SET number = 9`],
])('%s is found', async (statement) => {
  await appendCustody(db, WORKER, itemEntries('fetched', ITEMS))
  await append(db, 'last')
  await sequenceCustody(db)
  expect(await problems()).toEqual([])
  await tamper(statement)
  expect((await problems()).join('\n')).toMatch(/items|has an item/)
})

test('values that were erased leave the log valid, and a value that was changed is found', async () => {
  await db.query(`UPDATE mediakeep.custody_values SET value = 'Joe'`)
  expect(await problems()).toEqual(['4 the value "actorName" beside it is not the one it commits to'])
  await db.query('DELETE FROM mediakeep.custody_values')
  expect(await problems()).toEqual([])
})

test.each([
  [
    `UPDATE mediakeep.custody SET payload = replace(payload, 'media:b', 'media:x') WHERE number = 2`,
    '2 was changed',
  ],
  ['DELETE FROM mediakeep.custody WHERE number = 3', '3 missing'],
  ['DELETE FROM mediakeep.custody WHERE number > 4', 'cut off: a checkpoint covers 5 entries'],
  ['DELETE FROM mediakeep.custody WHERE number = 7', '6 cut off: the log had 7 entries, and has 6'],
  [`UPDATE mediakeep.custody_checkpoints SET signature = sha256('x')`, 'has a wrong signature'],
  [
    `INSERT INTO mediakeep.custody (number, payload, prev_hash, hash) VALUES (0, '{"kind":"a","subject":"b"}', '', '')`,
    '0 out of order',
  ],
])('%s is found', async (statement, problem) => {
  expect(await problems()).toEqual([])
  await tamper(statement)
  expect((await problems()).join('\n')).toContain(problem)
})
