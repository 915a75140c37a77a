import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { heldBy, leaseQueue } from './lease-queue.ts'

const queue = leaseQueue({
  table: 'work',
  id: 'work_id',
  prefix: 'job',
  pending: 'NOT q.done',
  order: 'q.work_id',
})
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase('empty')
  await database.query(`CREATE TABLE work (work_id text PRIMARY KEY, done boolean NOT NULL DEFAULT false,
    job_attempts int NOT NULL DEFAULT 0, job_deaths int NOT NULL DEFAULT 0,
    job_not_before timestamptz, job_lease_token uuid, job_lease_expires_at timestamptz)`)
})
beforeEach(async () => {
  await database.query('TRUNCATE work')
  await database.query(`INSERT INTO work (work_id) SELECT 'w' || n FROM generate_series(1, 9) n`)
})
afterAll(() => database.drop())

test('many claimers at once never hold one row twice', async () => {
  const claims = await Promise.all(
    Array.from({ length: 9 }, () => queue.claim(database, { limit: 2, leaseSeconds: 60 })),
  )
  const ids = claims.flat().map((lease) => lease.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(await queue.claim(database, { limit: 9, leaseSeconds: 60 })).toHaveLength(9 - ids.length)
})

test('rows that another transaction holds are passed over, not waited for', async () => {
  await database.transaction(async (holder) => {
    await holder.query(`SELECT FROM work WHERE work_id = 'w1' FOR UPDATE`)
    await database.transaction(async (claimer) => {
      await claimer.query(`SET LOCAL lock_timeout = '500ms'`)
      const claimed = await queue.claim(claimer, { limit: 1, leaseSeconds: 60 })
      expect(claimed).toMatchObject([{ id: 'w2' }])
    })
  })
})

test('an expired lease is taken over, and its first holder cannot write any more', async () => {
  const [late] = await queue.claim(database, { limit: 1, leaseSeconds: -1 })
  const [next] = await queue.claim(database, { limit: 1, leaseSeconds: 60 })
  expect(next).toMatchObject({ id: late!.id, attempt: 1, deaths: 1 })
  const finish = (lease: typeof next): Promise<{ rowCount: number }> =>
    database.query(
      `UPDATE work q SET done = true, ${queue.ended('NULL')} WHERE ${queue.held('q', 1)}`,
      heldBy([lease!]),
    )
  expect((await finish(late)).rowCount).toBe(0)
  expect(await queue.extend(database, [late!], 60)).toEqual(new Set())
  expect((await finish(next)).rowCount).toBe(1)
})

test('a released row is claimed again at once, its attempt not counted', async () => {
  const leases = await queue.claim(database, { limit: 9, leaseSeconds: 60 })
  await queue.release(database, leases)
  const again = await queue.claim(database, { limit: 1, leaseSeconds: 60 })
  expect(again[0]).toMatchObject({ attempt: 1, deaths: 0 })
})

test('deaths count from the claim on; a result counts as an attempt, and forgets the deaths', async () => {
  for (let deaths = 0; deaths < 3; deaths++) {
    const [lease] = await queue.claim(database, { limit: 1, leaseSeconds: -1 })
    expect(lease).toMatchObject({ id: 'w1', attempt: 1, deaths })
  }
  for (let attempt = 1; attempt < 3; attempt++) {
    const [lease] = await queue.claim(database, { limit: 1, leaseSeconds: 60 })
    expect(lease).toMatchObject({ id: 'w1', attempt, deaths: attempt === 1 ? 3 : 0 })
    await database.query(
      `UPDATE work q SET ${queue.tried('NULL')} WHERE ${queue.held('q', 1)}`,
      heldBy([lease!]),
    )
  }
})

test('a row waits for its time', async () => {
  await database.query(`UPDATE work SET job_not_before = now() + interval '1 hour' WHERE work_id <> 'w5'`)
  const leases = await queue.claim(database, { limit: 9, leaseSeconds: 60 })
  expect(leases.map((lease) => lease.id)).toEqual(['w5'])
})

test('claims choose by conditions of their caller', async () => {
  const leases = await queue.claim(database, {
    limit: 9,
    leaseSeconds: 60,
    where: 'q.work_id = ANY($1)',
    values: [['w2', 'w3']],
  })
  expect(leases.map((lease) => lease.id).sort()).toEqual(['w2', 'w3'])
})

test('claims come in order, with the columns their caller asks for', async () => {
  const leases = await queue.claim<{ done: boolean }>(database, {
    limit: 9,
    leaseSeconds: 60,
    returning: 'q.done',
  })
  expect(leases.map((lease) => lease.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `w${n}`))
  expect(leases[0]).toMatchObject({ attempt: 1, done: false })
})
