import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendCustody, itemEntries } from './append.ts'
import { append, WORKER } from './log.fixture.ts'
import { makeCheckpoint } from './make-checkpoint.ts'
import { sequenceCustody } from './sequence.ts'
import { verifyHistory } from './verify-history.ts'

const SUBJECTS = ['media:b', 'content:ff'] as const

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
  const items = ['a', 'b', 'c'].map((id) => ({ subject: `media:${id}` as const, sha256: 'ff' }))
  await append(db, 'other')
  await appendCustody(db, WORKER, itemEntries('fetched', items))
  await makeCheckpoint(db, WORKER)
  await append(db, 'another')
  await appendCustody(db, { token: 'tok-1', name: 'Jane' }, [{ kind: 'rejected', subject: 'content:ff' }])
  await makeCheckpoint(db, WORKER)
  await appendCustody(db, WORKER, itemEntries('verified', [{ subject: 'content:ff' }]))
  await sequenceCustody(db)
})
afterEach(() => db.drop())

const problems = async (): Promise<string[]> =>
  (await verifyHistory(db, SUBJECTS)).problems.map(({ number, problem }) => `${number} ${problem}`)

test('the history of an item has its own entries and items, each with the checkpoint that covers it', async () => {
  await appendCustody(db, WORKER, itemEntries('evicted', [{ subject: 'content:ff' }]))
  await append(db, 'b', 'other')
  const report = await verifyHistory(db, SUBJECTS)
  expect(report).toMatchObject({ problems: [], waiting: 2, keys: [expect.any(String)] })
  const { entries } = report
  expect(entries.map(({ kind, subject, details }) => [kind, subject, details])).toEqual([
    ['fetched', 'media:b', { sha256: 'ff' }],
    ['rejected', 'content:ff', {}],
    ['verified', 'content:ff', {}],
  ])
  expect(entries.map(({ checkpoint, number }) => checkpoint !== undefined && checkpoint >= number)).toEqual([
    true,
    true,
    false,
  ])
})

test('a history longer than one read is whole, each entry once', async () => {
  const one = { kind: 'verified', subject: 'content:ff' } as const
  for (let n = 0; n < 5; n++) {
    await appendCustody(
      db,
      WORKER,
      Array.from({ length: 130 }, () => one),
    )
    await appendCustody(db, WORKER, Array.from({ length: 30 }, () => itemEntries('fetched', [{ subject: 'media:b' }])[0]!)) // prettier-ignore
  }
  await sequenceCustody(db)
  const { entries } = await verifyHistory(db, SUBJECTS)
  const numbers = entries.map(({ number }) => number)
  expect(numbers).toHaveLength(3 + 5 * 160)
  expect(new Set(numbers).size).toBe(numbers.length)
})

const FETCHED = `(SELECT number FROM mediakeep.custody WHERE kind = 'fetched' AND subject = 'items')`
test.each([
  [
    `UPDATE mediakeep.custody_items SET item = replace(item, 'ff', 'ee') WHERE subject = 'media:b'`,
    'other items',
  ],
  [
    `UPDATE mediakeep.custody_items SET item = replace(item, 'ff', 'ee') WHERE subject = 'media:c'`,
    'other items',
  ],
  [`UPDATE mediakeep.custody SET payload = replace(payload, 'fetched', 'rejected') WHERE number = ${FETCHED}`, 'was changed'], // prettier-ignore
  [`DELETE FROM mediakeep.custody WHERE number = ${FETCHED} - 1`, 'does not continue'],
  [
    `UPDATE mediakeep.custody SET hash = sha256('x') WHERE subject = 'media:another'`,
    'has another Merkle root',
  ],
  [`DELETE FROM mediakeep.custody WHERE subject = 'media:another'`, 'has another Merkle root'],
  [`UPDATE mediakeep.custody_checkpoints SET signature = sha256('x')`, 'has a wrong signature'],
  [`UPDATE mediakeep.custody_values SET value = 'Joe'`, 'the value "actorName"'],
])('%s is found', async (statement, problem) => {
  expect(await problems()).toEqual([])
  await db.transaction(async (sql) => {
    await sql.query('SET LOCAL session_replication_role = replica')
    await sql.query(statement)
  })
  expect((await problems()).join('\n')).toContain(problem)
})
