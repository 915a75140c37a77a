/** So many times as long as a read took, what it brought is kept. */
const REST = 10

/**
 * Shares what a read brings: with whoever asks meanwhile, and afterwards for `ms`, or for ten times as long as it
 * took. However slow counting grows and however many ask, little of the database's time goes into it.
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
      // Whoever asks next tries again.
      () => (latest = undefined),
    )
    return reading
  }
}
