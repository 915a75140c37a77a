import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { drainQueue } from './drain-queue.ts'
import { leaseQueue, type Lease } from './lease-queue.ts'

const queue = leaseQueue({ table: 'work', id: 'id', prefix: 'job', pending: 'true', order: 'q.id' })
const db = { query: () => Promise.resolve({ rows: [], rowCount: 0 }) }

test('what ends at about the same time is settled together', async () => {
  const items = Array.from({ length: 12 }, (_, n) => ({ lease: leaseOf(String(n)) }))
  const settled: number[] = []
  const report = await drainQueue(
    {
      ...{ db, queue, leaseSeconds: 30, concurrency: 1, isDone: () => true },
      claim: () => Promise.resolve(items.splice(0)),
      work: () => sleep(8, 'ended'),
      settle: (ended) => Promise.resolve(void settled.push(ended.length)),
    },
    new AbortController().signal,
  )
  expect(report).toEqual({ done: 12, failed: 0 })
  // Two or three, one after another in 100 ms; the rest allows for slow machines.
  expect(settled.length).toBeLessThanOrEqual(8)
})

function leaseOf(id: string): Lease {
  return { id, token: '00000000-0000-0000-0000-000000000000', attempt: 1, deaths: 0 }
}
