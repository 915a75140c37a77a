import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient, withJitter } from '@mediakeep/sql'
import { rejectionOf, type Rejection } from './post-record.ts'
import { UrnTakenError } from './store-posts.ts'

/** In milliseconds; the total is long enough for PostgreSQL to restart. */
const DELAYS = [50, 200, 500, 1000, 2000, 4000, 8000, 15_000]

/** Data stored in one transaction, and ways to divide it. */
export interface Storing<Batch> {
  store(batch: Batch): Promise<void>
  /** @returns undefined for a batch of one post, or none */
  halve(batch: Batch): readonly [Batch, Batch] | undefined
  /** The same batch with its one post rejected. @throws the error when there is none to reject */
  reject(batch: Batch, error: unknown): Batch
}

/**
 * Stores a batch despite deadlocks, serialisation failures and restarts of the database. When PostgreSQL refuses
 * the data, stores it in halves, until only the refused post is rejected.
 *
 * @throws LeaseLostError, or the last error of a database that stays away
 */
export async function storeSafely<Batch>(
  batch: Batch,
  storing: Storing<Batch>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await withRetries(() => storing.store(batch), signal)
  } catch (error) {
    if (!isRefusal(error)) throw error
    for (const part of storing.halve(batch) ?? [storing.reject(batch, error)]) {
      await storeSafely(part, storing, signal)
    }
  }
}

/** Builds the rejection for a post that PostgreSQL refused. */
export function refusalOf(error: unknown, rawJson: Buffer): Rejection {
  return { ...rejectionOf(error, rawJson), code: 'refused_by_database' }
}

export async function withRetries<Result>(
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  for (const delay of DELAYS) {
    try {
      return await work()
    } catch (error) {
      if (!isTransient(error)) throw error
      // At least half as long, and never in step with the transaction it collided with.
      await sleep(withJitter(delay, [0.5, 1]), undefined, signal && { signal })
    }
  }
  return work()
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** True for data that the database refuses: wrong (22), against a constraint (23), beyond a limit (54). */
function isRefusal(error: unknown): boolean {
  return error instanceof UrnTakenError || /^(?:22|23|54)\w{3}$/.test(codeOf(error))
}
