import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '@mediakeep/sql'
import { expect, test } from 'vitest'
import { addContents, sha256Of, shownRows, toldChanges } from './analysis.fixture.ts'
import { useQueue } from './queue.fixture.ts'
import { completeAnalyses, expireAnalyses, extendAnalyses } from './settle.ts'

const { db, claim, complete, fail, letExpire } = useQueue()

const counted = async (): Promise<number | undefined> =>
  (
    await db().query<{ value: number }>(
      `SELECT value FROM mediakeep.counters WHERE name = 'analysis_refused'`,
    )
  ).rows[0]?.value
/** Everything that a hand-in can write. */
const everything = async (): Promise<unknown> => [
  await shownRows(db()),
  (await db().query('SELECT * FROM mediakeep.analyses')).rows,
  (await db().query('SELECT * FROM mediakeep.analysis_usage')).rows,
  await toldChanges(db()),
]

/** Starts work while the content is locked, so that every call has read before any can write. */
async function whileLocked<Work extends readonly unknown[]>(
  name: string,
  begin: (sql: Sql) => readonly [...{ [Each in keyof Work]: Promise<Work[Each]> }],
): Promise<Work> {
  let begun: readonly Promise<unknown>[] = []
  await db().transaction(async (sql) => {
    await sql.query('SELECT FROM mediakeep.contents WHERE sha256_sum = $1 FOR UPDATE', [sha256Of(name)])
    begun = begin(sql)
    await sleep(500)
  })
  return (await Promise.all(begun)) as unknown as Work
}

test('a late hand-in is refused, writes nothing, and is counted', async () => {
  await addContents(db(), [{ name: 'a' }])
  const late = await claim()
  await letExpire()
  const next = await claim({ worker: 'w-2' })
  expect(next).toMatchObject([{ id: late[0]!.id, attempt: 1 }])
  const before = await everything()
  expect(await complete(late)).toEqual(['refused'])
  expect(await fail(late)).toEqual(['refused'])
  expect(await extendAnalyses(db(), late, 60)).toEqual(new Set())
  expect(await everything()).toEqual(before)
  expect(await counted()).toBe(2)
  expect(await complete(next)).toEqual(['completed'])
})

test('a hand-in repeated, at once or later, counts once', async () => {
  await addContents(db(), [{ name: 'a' }])
  const [lease] = await claim()
  expect(await complete([lease!, lease!])).toEqual(['completed', 'refused'])
  expect(await complete([lease!], { n: 2 })).toEqual(['refused'])
  expect(await shownRows(db())).toMatchObject([{ analysis: { facts: { n: 1 } }, story: { length: 2 } }])
  expect(await completeAnalyses(db(), [{ id: lease!.id, token: 'not a token', result: {} }])).toEqual([
    'refused',
  ])
  expect(await counted()).toBe(3)
})

test('a hand-in that waits for its own repetition is refused', async () => {
  await addContents(db(), [{ name: 'a' }])
  const leases = await claim()
  const twice = await whileLocked('a', () => [complete(leases, { n: 1 }), complete(leases, { n: 2 })])
  expect(twice.flat().sort()).toEqual(['completed', 'refused'])
  expect(await shownRows(db())).toMatchObject([{ story: { length: 2 } }])
})

test('one that names no lease spoils nothing for the others', async () => {
  await addContents(db(), [{ name: 'a' }, { name: 'b' }])
  const leases = await claim({ worker: 'w\0\ud800' })
  const odd = [
    { id: leases[0]!.id, token: 'no token' },
    { id: 'an-\0', token: leases[0]!.token },
  ]
  expect((await extendAnalyses(db(), [...odd, ...leases], 60)).size).toBe(2)
  const usage = { model: 'm\0\ud800' }
  const handed = [...odd, ...leases].map(({ id, token }) => ({ id, token, result: {}, usage }))
  expect(await completeAnalyses(db(), handed)).toEqual(['refused', 'refused', 'completed', 'completed'])
})

test('a lease that is prolonged while expired ones are gathered stays', async () => {
  await addContents(db(), [{ name: 'a' }])
  const leases = await claim()
  await letExpire()
  const [expired] = await whileLocked('a', (sql) => [expireAnalyses(db()), extendAnalyses(sql, leases, 60)])
  expect(expired).toBe(0)
  expect(await complete(leases)).toEqual(['completed'])
})

test('a result that PostgreSQL would refuse is a typed error, and the lease goes on', async () => {
  await addContents(db(), [{ name: 'a' }])
  const leases = await claim()
  await expect(complete(leases, { text: 'a\0b' })).rejects.toMatchObject({
    problem: 'nul_character',
    pointer: '/text',
  })
  await expect(complete(leases, { text: 'x'.repeat(2 ** 20) })).rejects.toMatchObject({
    problem: 'too_large',
  })
  expect(await complete(leases, { text: 'ab' })).toEqual(['completed'])
})

test('a completed analysis is in the custody log with its analyser and version; a refused or failed one is not', async () => {
  await addContents(db(), [{ name: 'a' }, { name: 'b' }])
  const claimed = await claim({ limit: 2 })
  await complete(claimed.slice(0, 1))
  await complete(claimed.slice(0, 1))
  await fail(claimed.slice(1))
  const { rows } = await db().query<{ item: object }>(
    `SELECT i AS item FROM mediakeep.custody_inbox e CROSS JOIN jsonb_array_elements(e.items) i WHERE kind = 'analysed'`,
  )
  expect(rows).toEqual([
    {
      item: {
        subject: `content:${claimed[0]!.sha256}`,
        analyser: claimed[0]!.analyser,
        version: claimed[0]!.analyserVersion,
      },
    },
  ])
})
