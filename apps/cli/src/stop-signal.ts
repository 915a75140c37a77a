const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * One request to stop often arrives twice: Ctrl-C reaches the whole process group, which includes npm, and npm forwards
 * what it receives.
 */
const REPEAT_MS = 1000

/**
 * Aborts on the first signal that asks to stop, so that the process can stop in order. A further signal, a second or
 * more later, ends the process at once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  let firstAt: number | undefined
  const onSignal = (name: NodeJS.Signals): void => {
    firstAt ??= performance.now()
    stop.abort(new Error(name))
    if (performance.now() - firstAt < REPEAT_MS) return
    for (const signal of SIGNALS) process.off(signal, onSignal)
    process.kill(process.pid, name)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return stop.signal
}
