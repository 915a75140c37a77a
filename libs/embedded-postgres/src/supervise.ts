import { setTimeout as sleep } from 'node:timers/promises'

export interface Supervision {
  /** Resolves once nothing is being checked or started any more. */
  stop(): Promise<void>
}

const CHECK_MS = 1000
const LONGEST_PAUSE_MS = 30_000

/**
 * Restarts a server when it has died.
 * @param revive starts the server if it is not running; resolves to true if it did
 * @param onRestart called after a restart, or with the error if the restart failed
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
