import { setTimeout as sleep } from 'node:timers/promises'

export interface LockRetries {
  /** Milliseconds that a statement waits for a lock on a table before it gives way, to be tried again. */
  readonly lockTimeoutMs: number
  /** How often work that met a lock is tried. */
  readonly attempts: number
  readonly log: (line: string) => void
}

/**
 * Tries again what met somebody else's lock: a statement that waited for it would make all who come later wait
 * behind itself. `work` has rolled back when it rejects.
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
      // Not in step with what it met.
      await sleep(Math.min(3_000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2))
    }
  }
}

function metLock(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  // lock_not_available, deadlock_detected
  return code === '55P03' || code === '40P01' || (cause instanceof Error && metLock(cause))
}
