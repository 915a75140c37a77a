import { setTimeout as sleep } from 'node:timers/promises'

export interface Supervision {
  /** Resolves when nothing is checked or started any more. */
  stop(): Promise<void>
}

const CHECK_MS = 1000
const LONGEST_PAUSE_MS = 30_000

/**
 * Starts a server again when it is gone.
 * @param revive starts it where it does not run; resolves with whether it did
 * @param onRestart called after it was started again, or with the error when that failed
 */
export function supervise(revive: () => Promise<boolean>, onRestart: (error?: unknown) => void): Supervision {
  const stopping = new AbortController()
  const ended = watch()
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }

  async function watch(): Promise<void> {
    let pauseMs = CHECK_MS
    for (;;) {
      await sleep(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
      if (stopping.signal.aborted) return
      try {
        if (await revive()) onRestart()
        pauseMs = CHECK_MS
      } catch (error) {
        onRestart(error)
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      }
    }
  }
}
