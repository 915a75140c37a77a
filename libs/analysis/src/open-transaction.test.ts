import type { Database, Sql } from '@mediakeep/sql'
import type { TestDatabase } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { addContents } from './analysis.fixture.ts'
import { claimAnalyses } from './claim.ts'
import { planAnalyses } from './plan.ts'
import { useQueue } from './queue.fixture.ts'
import { completeAnalyses } from './settle.ts'

const { db } = useQueue()

const LIMIT = 100
const BATCHES = 10

interface Plan {
  readonly 'Index Name'?: string
  readonly 'Shared Hit Blocks': number
  readonly Plans?: readonly Plan[]
}

const withIn = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(withIn)]

/** Wraps the database and counts the pages that claims read from the queue's index and its heap. */
function counting(sql: TestDatabase): { readonly db: Database; pages: number } {
  const counted = { pages: 0, db: sql as Database }
  const query: Sql['query'] = async (text, values, options) => {
    if (!text.startsWith('WITH picked') || !text.includes('VALUES')) return sql.query(text, values, options)
    // EXPLAIN in a transaction that is rolled back; the claim itself follows.
    await sql
      .transaction(async (inner) => {
        const { rows } = await inner.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
          `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
          values,
        )
        for (const plan of withIn(rows[0]!['QUERY PLAN'][0].Plan)) {
          if (plan['Index Name'] === 'analyses_queue_idx') counted.pages += plan['Shared Hit Blocks']
        }
        throw new Error('undone')
      })
      .catch(() => undefined)
    return sql.query(text, values, options)
  }
  counted.db = { query, transaction: (work) => sql.transaction(work) }
  return counted
}

test('a transaction that somebody leaves open does not make claims wade through what is done', async () => {
  await addContents(
    db(),
    Array.from({ length: LIMIT * (BATCHES + 1) }, (_, n) => ({ name: `c${n}` })),
  )
  while ((await planAnalyses(db())) > 0);
  const counted = counting(db())
  const claim = (): ReturnType<typeof claimAnalyses> =>
    claimAnalyses(counted.db, { limit: LIMIT, leaseSeconds: 60, worker: 'w' })
  await db().transaction(async (open) => {
    await open.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    await open.query('SELECT count(*) FROM mediakeep.contents')
    for (let batch = 0; batch < BATCHES; batch++) {
      const leases = await claim()
      expect(leases).toHaveLength(LIMIT)
      await completeAnalyses(
        db(),
        leases.map((lease) => ({ ...lease, result: {} })),
      )
    }
    counted.pages = 0
    expect(await claim()).toHaveLength(LIMIT)
  })
  // A page or two of the heap for each row taken, plus the index itself; a thousand rows are done.
  expect(counted.pages).toBeGreaterThan(0)
  expect(counted.pages).toBeLessThan(LIMIT * 5)
})
