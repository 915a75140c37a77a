import { setTimeout as sleep } from 'node:timers/promises'
import { backoff } from '@mediakeep/sql'

export interface LockRetries {
  /** Milliseconds that a statement waits for a table lock before it gives up, to be retried. */
  readonly lockTimeoutMs: number
  /** Maximum number of attempts for work that is blocked by a lock. */
  readonly attempts: number
  readonly log: (line: string) => void
}

/**
 * Retries work that was blocked by another session's lock: a statement that kept waiting would block every session
 * behind it. `work` must have rolled back by the time it rejects.
 */
export async function withLockRetries<Result>(
  { attempts, log }: LockRetries,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!metLock(error) || attempt >= attempts) throw error
      log(`${(error as Error).message}: a lock was in the way (attempt ${attempt}); trying again`)
      // Jitter, to avoid retrying in step with the other session.
      await sleep(backoff(attempt, { first: 200, longest: 3_000, jitter: [0.5, 1] }))
    }
  }
}

function metLock(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  // lock_not_available, deadlock_detected
  return code === '55P03' || code === '40P01' || (cause instanceof Error && metLock(cause))
}
