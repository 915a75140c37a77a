import { STATUS_CHANGES } from '@mediakeep/analysis-status'
import { allowOnlyChanges, createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach } from 'vitest'
import { EVERY_TYPE } from './analysis.fixture.ts'
import { configureAnalysers } from './analysers.ts'
import { claimAnalyses, type ClaimAnalysesOptions } from './claim.ts'
import type { AnalysisLease } from './queue.ts'
import { completeAnalyses, failAnalyses } from './settle.ts'

export interface TestQueue {
  db(): TestDatabase
  claim(options?: Partial<ClaimAnalysesOptions>): Promise<AnalysisLease[]>
  complete(leases: readonly AnalysisLease[], result?: unknown): Promise<string[]>
  fail(leases: readonly AnalysisLease[], retryable?: boolean): Promise<string[]>
  /** Makes all leases expire. */
  letExpire(): Promise<unknown>
}

/** A queue with one analyser, `facts`, recreated for each test. */
export function useQueue(): TestQueue {
  let db: TestDatabase
  beforeEach(async () => {
    db = await createTestDatabase()
    await allowOnlyChanges(db, {
      table: 'public.post_media',
      column: 'ai_analysis_status',
      // Older writers leave null and pending, which mean not started.
      changes: {
        ...STATUS_CHANGES,
        pending: STATUS_CHANGES.not_started,
        null: STATUS_CHANGES.not_started,
      },
    })
    await configureAnalysers(db, [{ name: 'facts', version: '1', mediaTypes: EVERY_TYPE }])
  })
  afterEach(() => db.drop())
  return {
    db: () => db,
    claim: (options) => claimAnalyses(db, { limit: 10, leaseSeconds: 60, worker: 'w-1', ...options }),
    complete: (leases, result = { n: 1 }) =>
      completeAnalyses(
        db,
        leases.map((lease) => ({ ...lease, result })),
      ),
    fail: (leases, retryable = true) =>
      failAnalyses(
        db,
        leases.map((lease) => ({ ...lease, error: 'broken', retryable })),
      ),
    letExpire: () =>
      db.query("UPDATE mediakeep.analyses SET analysis_lease_expires_at = now() - interval '1 s'"),
  }
}
