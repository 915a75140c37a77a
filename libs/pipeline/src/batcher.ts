import { setTimeout as sleep } from 'node:timers/promises'

/** What comes so soon after another shares its statement. */
const LINGER_MS = 20

export interface Batcher<Item> {
  add(item: Item): void
  /** Waits until all that was added is flushed. @throws the first error of a flush */
  drained(): Promise<void>
}

/** Gathers what comes while the last batch is being flushed, so that many small results cost few statements. */
export function batcher<Item>(
  flush: (items: Item[]) => Promise<void>,
  onError: (error: unknown) => void,
  limit = 200,
): Batcher<Item> {
  const waiting: Item[] = []
  const failures: unknown[] = []
  let running: Promise<void> | undefined
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await sleep(LINGER_MS)
      try {
        await flush(waiting.splice(0, limit))
      } catch (error) {
        failures.push(error)
        onError(error)
      }
    }
    running = undefined
  }
  return {
    add(item) {
      waiting.push(item)
      running ??= run()
    },
    async drained() {
      await running
      if (failures.length > 0) throw failures[0]
    },
  }
}
