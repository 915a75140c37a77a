import { createHash } from 'node:crypto'
import { openPool } from '@mediakeep/postgres'
import type { Sql } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendCustody, itemEntries } from './append.ts'
import { isCommittedValue } from './commitment.ts'
import { entryHash, NO_ENTRY, parseRecord, type EntryRecord } from './entry.ts'
import { append, readLog, WORKER } from './log.fixture.ts'
import { sequenceCustody } from './sequence.ts'
import { verifyDatabaseLog } from './verify-database.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

/** Checks numbers and hashes of the whole log. @returns its records */
async function chain(): Promise<EntryRecord[]> {
  let prevHash = NO_ENTRY
  const records: EntryRecord[] = []
  for (const entry of await readLog(db)) {
    const record = parseRecord(entry.payload)
    expect([entry.number, record?.number]).toEqual([records.length + 1, records.length + 1])
    expect(Buffer.compare(entry.prevHash, prevHash)).toBe(0)
    expect(Buffer.compare(entry.hash, entryHash(prevHash, entry.payload))).toBe(0)
    records.push(record!)
    prevHash = entry.hash
  }
  return records
}

const subjects = async (): Promise<string[]> => (await chain()).map(({ subject }) => subject)

test('entries are chained in the order of their commits, with their own time, and leave the inbox', async () => {
  await append(db, 'a', 'b')
  expect(await sequenceCustody(db)).toBe(2)
  await append(db, 'c')
  expect(await sequenceCustody(db)).toBe(1)
  expect(await sequenceCustody(db)).toBe(0)
  const records = await chain()
  expect(records).toMatchObject([
    { kind: 'fetched', subject: 'media:a', actor: WORKER, details: { byteSize: 7 }, commitments: {} },
    { subject: 'media:b' },
    { subject: 'media:c' },
  ])
  expect(records[0]!.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  expect(Math.abs(Date.parse(records[0]!.at) - Date.now())).toBeLessThan(60_000)
  expect((await db.query('SELECT FROM mediakeep.custody_inbox')).rowCount).toBe(0)
  expect((await db.query(`SELECT kind, subject FROM mediakeep.custody WHERE number = 2`)).rows).toEqual([
    { kind: 'fetched', subject: 'media:b' },
  ])
})

test('an entry of a transaction that stays open delays no other, and one of a rollback never appears', async () => {
  const [written, end] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  const open = db.transaction(async (sql) => {
    await append(sql, 'open')
    written.resolve(undefined)
    await end.promise
  })
  await written.promise
  const undone = db.transaction(async (sql) => {
    await append(sql, 'undone')
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  await append(db, 'other')
  expect(await sequenceCustody(db)).toBe(1)
  end.resolve(undefined)
  await open
  expect(await sequenceCustody(db)).toBe(1)
  expect(await subjects()).toEqual(['media:other', 'media:open'])
})

test('many writers and sequencers at once: each entry once, in one chain', async () => {
  const pool = openPool(db.url, { max: 8 })
  const names = Array.from({ length: 400 }, (_, n) => `m${n}`)
  let isWriting = true
  const sequencers = Array.from({ length: 4 }, async () => {
    while (isWriting) await sequenceCustody(pool)
  })
  await Promise.all(names.map((name) => append(pool, name)))
  isWriting = false
  await Promise.all(sequencers)
  await sequenceCustody(pool)
  await pool.close()
  expect((await subjects()).sort()).toEqual(names.map((name) => `media:${name}`).sort())
})

test('more entries than one round takes are all appended', async () => {
  await append(db, ...Array.from({ length: 2500 }, (_, n) => `m${n}`))
  expect(await sequenceCustody(db)).toBe(2500)
  expect(await chain()).toHaveLength(2500)
})

test('a private value is kept beside the chain, which holds a commitment; so is the name of a token', async () => {
  const entry = { kind: 'found', subject: 'media:a', private: { url: 'https://example.com/jane' } } as const
  await appendCustody(db, { token: 'tok-1', name: 'Jane' }, [entry])
  await sequenceCustody(db)
  const [record] = await chain()
  expect(record).toMatchObject({ actor: { token: 'tok-1' }, details: {} })
  const { rows } = await db.query<{ number: number; name: string; salt: Buffer; value: string }>(
    'SELECT number, name, salt, value FROM mediakeep.custody_values ORDER BY name',
  )
  expect(rows).toMatchObject([
    { number: 1, name: 'actorName', value: 'Jane' },
    { number: 1, name: 'url', value: 'https://example.com/jane' },
  ])
  for (const row of rows) expect(isCommittedValue(record!.commitments[row.name]!, row)).toBe(true)
  expect((await readLog(db))[0]!.payload).not.toMatch(/jane/i)
  await db.query('DELETE FROM mediakeep.custody_values')
  expect(await chain()).toHaveLength(1)
})

test.each(['custody', 'custody_0', 'custody_keys', 'custody_checkpoints', 'custody_items'])(
  'mediakeep.%s is append-only',
  async (table) => {
    await append(db, 'a')
    await sequenceCustody(db)
    await db.query(`INSERT INTO mediakeep.custody_keys (fingerprint, public_key) VALUES ('a', 'a')`)
    await db.query(`INSERT INTO mediakeep.custody_checkpoints (count, body, signature) VALUES (1, 'a', 'a')`)
    await db.query(
      `INSERT INTO mediakeep.custody_items (number, position, subject, item) VALUES (1, 0, 'a', 'a')`,
    )
    const column =
      { custody_keys: 'fingerprint', custody_checkpoints: 'body', custody_items: 'item' }[table] ?? 'payload'
    for (const change of [
      `UPDATE mediakeep.${table} SET ${column} = ${column}`,
      `DELETE FROM mediakeep.${table}`,
      `TRUNCATE mediakeep.${table}`,
    ])
      await expect(db.query(change)).rejects.toThrow(/is append-only/)
  },
)

test('a partition is created before it is needed, and the chain crosses its border', async () => {
  const start = 4_999_998
  await db.query('UPDATE mediakeep.custody_head SET last_number = $1', [start])
  await append(db, 'a', 'b', 'c', 'd')
  expect(await sequenceCustody(db)).toBe(4)
  const { rows } = await db.query(
    'SELECT tableoid::regclass::text AS partition, number FROM mediakeep.custody ORDER BY number',
  )
  expect(rows).toEqual([
    { partition: 'mediakeep.custody_0', number: start + 1 },
    { partition: 'mediakeep.custody_1', number: start + 2 },
    { partition: 'mediakeep.custody_1', number: start + 3 },
    { partition: 'mediakeep.custody_1', number: start + 4 },
  ])
  await expect(db.query('DELETE FROM mediakeep.custody_1')).rejects.toThrow('is append-only')
  await expect(db.query('TRUNCATE mediakeep.custody_1')).rejects.toThrow('is append-only')
})

test('another epoch begins with an entry that says so', async () => {
  await append(db, 'a')
  await sequenceCustody(db)
  const before = (await chain())[0]!.epoch
  await db.query(`UPDATE mediakeep.event_log SET origin = '7/00000001/5'`)
  await append(db, 'b')
  await sequenceCustody(db)
  await append(db, 'c')
  await sequenceCustody(db)
  const [, resumed, ...others] = await chain()
  expect(resumed).toMatchObject({
    kind: 'resumed',
    subject: 'log',
    details: { after: 1, previousEpoch: before },
  })
  expect(resumed!.epoch).not.toBe(before)
  expect(others).toMatchObject([
    { subject: 'media:b', epoch: resumed!.epoch },
    { subject: 'media:c', epoch: resumed!.epoch },
  ])
})

test('an entry about many files holds the root over its items, which stand beside it', async () => {
  const items = Array.from({ length: 2500 }, (_, n) => ({ subject: `media:m${n}` as const, sha256: 'ab' }))
  await appendCustody(db, WORKER, itemEntries('fetched', items))
  await append(db, 'single')
  expect(await sequenceCustody(db)).toBe(4)
  const records = await chain()
  expect(records.map(({ subject, details }) => [subject, details['items']])).toEqual([
    ['items', 1000],
    ['items', 1000],
    ['items', 500],
    ['media:single', undefined],
  ])
  const { rows } = await db.query(
    `SELECT number, position, item FROM mediakeep.custody_items WHERE subject = 'media:m1001'`,
  )
  expect(rows).toEqual([{ number: 2, position: 1, item: '{"sha256":"ab","subject":"media:m1001"}' }])
  expect((await verifyDatabaseLog(db)).problems).toEqual([])
})

test('a round takes no more items than fit into memory, and goes on with the others', async () => {
  const digest = (n: number): string => createHash('sha512').update(String(n)).digest('hex')
  const items = Array.from({ length: 20_000 }, (_, n) => ({
    ...{ subject: `media:${digest(n)}` as const, sha256: digest(-n) },
  }))
  await appendCustody(db, WORKER, itemEntries('fetched', items))
  const sizes: number[] = []
  const watched: Sql = {
    ...db,
    query: (text, values, options) => {
      if (text.includes('INSERT INTO mediakeep.custody_items')) sizes.push((values![11] as unknown[]).length)
      return db.query(text, values, options)
    },
  }
  expect(await sequenceCustody(watched)).toBe(20)
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.reduce((sum, size) => sum + size)).toBe(20_000)
})
