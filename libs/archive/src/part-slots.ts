import PQueue from 'p-queue'

/** Room for parts in memory, shared by all uploads. */
export interface PartSlots {
  /** Runs `work` with a buffer of at least so many bytes, when there is room for it. */
  use<T>(byteSize: number, work: (buffer: Buffer) => Promise<T>): Promise<T>
}

/** Buffers are used again: left to the garbage collector they pile up faster than it comes by. */
export function partSlots(count: number): PartSlots {
  const queue = new PQueue({ concurrency: count })
  let free: Buffer[] = []
  return {
    use: (byteSize, work) =>
      queue.add(async () => {
        const fitting = free.find((buffer) => buffer.byteLength >= byteSize)
        const buffer = fitting ?? Buffer.allocUnsafeSlow(byteSize)
        free = free.filter((other) => other !== buffer)
        try {
          return await work(buffer)
        } finally {
          const last = queue.size === 0 && queue.pending === 1
          free = last ? [] : [...free, buffer]
        }
      }),
  }
}
