import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { leaseKeeper } from './lease-keeper.ts'
import { leaseQueue } from './lease-queue.ts'

const queue = leaseQueue({
  table: 'work',
  id: 'work_id',
  prefix: 'job',
  pending: 'true',
  order: 'q.work_id',
})
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase('empty')
  await database.query(`CREATE TABLE work (work_id text PRIMARY KEY,
    job_attempts int NOT NULL DEFAULT 0, job_deaths int NOT NULL DEFAULT 0,
    job_not_before timestamptz, job_lease_token uuid, job_lease_expires_at timestamptz)`)
})
beforeEach(async () => {
  await database.query('TRUNCATE work')
  await database.query(`INSERT INTO work (work_id) VALUES ('a'), ('b')`)
})
afterAll(() => database.drop())

test('a kept lease outlives its time, a dropped one does not', async () => {
  const keeper = leaseKeeper(queue, database, 0.6)
  onTestFinished(() => keeper.stop())
  const [kept, dropped] = await queue.claim(database, { limit: 2, leaseSeconds: 0.6 })
  const signal = keeper.keep(kept!)
  keeper.keep(dropped!)
  keeper.drop(dropped!)
  await sleep(1_500)
  const again = await queue.claim(database, { limit: 2, leaseSeconds: 60 })
  expect(again.map((lease) => lease.id)).toEqual(['b'])
  expect(signal.aborted).toBe(false)
})

test('the holder of a lost lease is told', async () => {
  const keeper = leaseKeeper(queue, database, 0.6)
  onTestFinished(() => keeper.stop())
  const [lease] = await queue.claim(database, { limit: 1, leaseSeconds: 60 })
  const signal = keeper.keep(lease!)
  await database.query('UPDATE work SET job_lease_token = gen_random_uuid()')
  await sleep(500)
  expect(signal.aborted).toBe(true)
})

test('with the database out of reach a lease counts as lost once it must have run out, not before', async () => {
  const unreachable = { query: () => Promise.reject(new Error('connection refused')) }
  const keeper = leaseKeeper(queue, unreachable, 0.6)
  onTestFinished(() => keeper.stop())
  const signal = keeper.keep({ id: 'a', token: '00000000-0000-0000-0000-000000000000' })
  await sleep(450)
  expect(signal.aborted).toBe(false)
  await sleep(600)
  expect(signal.aborted).toBe(true)
})
