/** A result is kept for this many times the duration of its read. */
const REST = 10

/**
 * Shares the result of a read with all callers during it, and afterwards for `ms` or ten times its duration, whichever
 * is longer. However slow the read is and however many call, it takes little of the database's time.
 */
export function recent<Result>(read: () => Promise<Result>, ms: number): () => Promise<Result> {
  let latest: Promise<Result> | undefined
  let until = Infinity
  return () => {
    if (latest && performance.now() < until) return latest
    const started = performance.now()
    const reading = read()
    latest = reading
    until = Infinity
    reading.then(
      () => {
        const ended = performance.now()
        until = ended + Math.max(ms, REST * (ended - started))
      },
      // After a failure, the next caller tries again.
      () => (latest = undefined),
    )
    return reading
  }
}
