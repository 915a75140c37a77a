import { setTimeout as sleep } from 'node:timers/promises'
import { backoff } from './backoff.ts'
import { isTransient } from './transient.ts'

interface Pending<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

export interface BatcherOptions {
  readonly maxItems?: number
  /** Resolves when a batch should stop waiting for more items; default after 3 ms. A full batch does not wait. */
  readonly linger?: () => Promise<unknown>
}

/**
 * Combines many small calls into a few large ones, one batch at a time. `run` returns
 * one result per item, in the same order, and may be called again: with the same items after a transient failure
 * (a deadlock, a server restart), with each item alone after any other failure.
 */
export function batcher<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxItems = 256, linger = () => sleep(3) }: BatcherOptions = {},
): (item: Item) => Promise<Result> {
  const queue: Pending<Item, Result>[] = []
  let isRunning = false
  const work = async (): Promise<void> => {
    isRunning = true
    while (queue.length > 0) {
      if (queue.length < maxItems) await linger()
      await runBatch(run, queue.splice(0, maxItems))
    }
    isRunning = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      if (!isRunning) void work()
    })
}

async function runBatch<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  batch: readonly Pending<Item, Result>[],
): Promise<void> {
  try {
    const results = await retried(() => run(batch.map((one) => one.item)))
    batch.forEach((one, n) => one.resolve(results[n]!))
  } catch (error) {
    // One item that the database rejects must not fail the others.
    if (batch.length > 1 && !isTransient(error)) for (const one of batch) await runBatch(run, [one])
    else for (const one of batch) one.reject(error)
  }
}

async function retried<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === 8 || !isTransient(error)) throw error
      await sleep(backoff(attempt, { first: 100, longest: 2_000 }))
    }
  }
}
