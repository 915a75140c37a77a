import PQueue from 'p-queue'

/** Memory for parts, shared by all uploads. */
export interface PartSlots {
  /** Runs `work` with a buffer of at least `byteSize` bytes, once one is free. */
  use<T>(byteSize: number, work: (buffer: Buffer) => Promise<T>): Promise<T>
}

/** Reuses buffers: otherwise they accumulate faster than the garbage collector frees them. */
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
