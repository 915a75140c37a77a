import { setTimeout as sleep } from 'node:timers/promises'

/** A pause that can be cut short, but not below `leastMs`; a wake when nothing waits shortens the next pause. */
export interface Waker {
  readonly wake: () => void
  wait(ms: number): Promise<void>
}

export function openWaker(signal: AbortSignal, leastMs: number): Waker {
  let isAwake = false
  let end: (() => void) | undefined
  const wake = (): void => {
    isAwake = true
    end?.()
  }
  signal.addEventListener('abort', wake, { once: true })
  return {
    wake,
    async wait(ms) {
      await sleep(leastMs)
      if (!isAwake)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms - leastMs)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      end = undefined
      isAwake = signal.aborted
    },
  }
}
