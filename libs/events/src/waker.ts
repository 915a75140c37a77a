/** A pause that can be cut short; a wake while nobody waits ends the next wait at once. */
export interface Waker {
  readonly wake: () => void
  wait(ms: number): Promise<void>
}

export function openWaker(signal: AbortSignal): Waker {
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
      if (!isAwake && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      end = undefined
      isAwake = false
    },
  }
}
