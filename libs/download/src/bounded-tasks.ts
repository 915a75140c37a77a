/** Runs work in the background; callers that add more wait while there is too much of it. */
export interface BoundedTasks {
  /** Adds work that never rejects. @returns when there is room for more */
  begin(work: Promise<void>): Promise<void>
  /** Resolves when all of it has ended. */
  idle(): Promise<void>
}

export function boundedTasks(limit: number): BoundedTasks {
  const open = new Set<Promise<void>>()
  const waiting: (() => void)[] = []
  const end = (work: Promise<void>): void => {
    open.delete(work)
    waiting.shift()?.()
  }
  return {
    async begin(work) {
      const tracked: Promise<void> = work.then(() => end(tracked))
      open.add(tracked)
      if (open.size > limit) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    async idle() {
      while (open.size > 0) await Promise.all(open)
    },
  }
}
