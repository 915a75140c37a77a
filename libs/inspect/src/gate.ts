/** Runs a limited number of jobs at once; the others wait in order. */
export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>

export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = []
  let inside = 0

  return async (work) => {
    if (inside >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside += 1
    try {
      return await work()
    } finally {
      // The next in the queue takes over this place.
      const next = waiting.shift()
      if (next === undefined) inside -= 1
      else next()
    }
  }
}
