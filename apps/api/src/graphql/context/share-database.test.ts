import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { shareDatabase } from './share-database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
afterEach(() => vi.useRealTimers())

test('an operation with one statement does not wait behind those of the others', async () => {
  const share = shareDatabase()
  const ended: string[] = []
  const ask = async (name: string, operation = share(db)): Promise<void> => {
    await operation.query('SELECT pg_sleep(0.1)')
    ended.push(name)
  }
  const all = Array.from({ length: 6 }, () => {
    const operation = share(db)
    return Array.from({ length: 10 }, () => ask('many', operation))
  }).flat()
  await sleep(20)
  await ask('one')
  // At most two rounds of statements have ended before: the first, and the one under way.
  expect(ended.indexOf('one')).toBeLessThanOrEqual(16)
  await Promise.all(all)
  expect(ended).toHaveLength(61)
})

test('statements run within the limits, and all of them, whether they fail or not', async () => {
  const share = shareDatabase()
  let running = 0
  let most = 0
  const counting = {
    query: async () => {
      most = Math.max(most, ++running)
      await sleep(1)
      running--
      throw new Error('failed')
    },
    transaction: () => Promise.reject(new Error('failed')),
  }
  const one = share(counting)
  await Promise.allSettled(Array.from({ length: 20 }, () => one.query('')))
  expect(most).toBe(2)
  await Promise.allSettled(Array.from({ length: 40 }, () => share(counting).query('')))
  expect(most).toBe(8)
  most = 0
  await Promise.allSettled(
    Array.from({ length: 20 }, () => share(counting).query('', [], { weight: 'large' })),
  )
  expect(most).toBe(2)
  await expect(share(db).query('SELECT 1 AS n')).resolves.toMatchObject({ rows: [{ n: 1 }] })
})

test('a statement that gets no turn in ten seconds fails, and takes none later', async () => {
  vi.useFakeTimers()
  const share = shareDatabase()
  const { promise, resolve } = Promise.withResolvers<never>()
  const hanging = { query: () => promise, transaction: () => promise }
  const all = Array.from({ length: 8 }, () => share(hanging).query(''))
  let asked = 0
  const late = share({
    query: () => Promise.resolve({ rows: [], rowCount: ++asked }),
    transaction: () => promise,
  })
  const refused = expect(late.query('')).rejects.toMatchObject({ code: 'no_turn' })
  await vi.advanceTimersByTimeAsync(10_000)
  await refused
  resolve(undefined as never)
  await Promise.all(all)
  expect(asked).toBe(0)
})
