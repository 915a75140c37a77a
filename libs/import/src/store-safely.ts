import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '@mediakeep/lease'
import { isTransient, type Database } from '@mediakeep/sql'
import type { Batch, BatchItem } from './batches.ts'
import { rejectionOf } from './post-record.ts'
import { storeBatch } from './store-batch.ts'

/** In milliseconds; together long enough for PostgreSQL to restart. */
const DELAYS = [50, 200, 500, 1000, 2000, 4000, 8000, 15_000]

/**
 * Stores a batch through deadlocks, serialisation failures and restarts of the database. When PostgreSQL refuses
 * the data, halves are tried, until only the post that it refuses is rejected.
 *
 * @throws LeaseLostError, or the last error of a database that does not come back
 */
export async function storeSafely(
  db: Database,
  lease: Lease,
  batch: Batch,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await withRetries(() => storeBatch(db, lease, batch), signal)
  } catch (error) {
    if (!isRefusal(error) || batch.items.length === 0) throw error
    for (const part of batch.items.length === 1 ? [refused(batch, error)] : halves(batch)) {
      await storeSafely(db, lease, part, signal)
    }
  }
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
      // Half as long at least, and never in step with whom it collided with.
      await sleep(delay * (0.5 + Math.random() / 2), undefined, signal && { signal })
    }
  }
  return work()
}

function halves(batch: Batch): [Batch, Batch] {
  const middle = batch.items.length >> 1
  const between = { file: batch.from.file, post: batch.items[middle]!.index }
  const { fileError, ...rest } = batch
  return [
    { ...rest, to: between, items: batch.items.slice(0, middle) },
    {
      ...rest,
      from: between,
      items: batch.items.slice(middle),
      ...(fileError !== undefined && { fileError }),
    },
  ]
}

function refused(batch: Batch, error: unknown): Batch {
  const item = batch.items[0]!
  if ('rejection' in item) throw error
  const rejection = rejectionOf(error, item.post.rawJson)
  const rejected: BatchItem = { index: item.index, rejection: { ...rejection, code: 'refused_by_database' } }
  return { ...batch, items: [rejected] }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Data that PostgreSQL does not take: wrong (22), against a constraint (23), beyond a limit (54). */
function isRefusal(error: unknown): boolean {
  return /^(?:22|23|54)\w{3}$/.test(codeOf(error))
}
