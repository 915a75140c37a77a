import type { Sql } from '@mediakeep/sql'
import type { ConfiguredAnalyser } from './analysers.ts'

/** When something was last done, and how long it took: what is dear is done rarely. */
export interface Pace {
  /** Monotonic, milliseconds. */
  at: number
  ms: number
}

/**
 * Where the head of a lane of the queue is. Below it stand index entries of rows that are taken or done; while
 * somebody holds a transaction open nobody can remove those, and every claim from the start would wade through them.
 */
export interface Head {
  /** By priority; 0 where the lane takes all. */
  readonly places: Map<number, number>
  /** The last look from the start, for what was passed over: rows that others had locked, and came back. */
  readonly scan: Pace
}

/** What a process remembers of the queue of one database. All of it may be forgotten at any time. */
export interface QueueMemory {
  configured: { readonly at: number; readonly set: readonly ConfiguredAnalyser[] } | undefined
  readonly heads: Map<string, Head>
  readonly tended: Pace
  readonly planned: Pace
}

const memories = new WeakMap<Sql, QueueMemory>()

export function memoryOf(sql: Sql): QueueMemory {
  const known = memories.get(sql)
  if (known) return known
  const memory = { configured: undefined, heads: new Map<string, Head>(), tended: never(), planned: never() }
  memories.set(sql, memory)
  return memory
}

export function headOf(memory: QueueMemory, lane: string): Head {
  const known = memory.heads.get(lane)
  if (known) return known
  const head = { places: new Map<number, number>(), scan: never() }
  memory.heads.set(lane, head)
  return head
}

const never = (): Pace => ({ at: -Infinity, ms: 0 })

const CHEAP_MS = 100

/** Whether it may be done again: never before `leastMs`, and where it is dear, for a twentieth of the time. */
export function isDue({ at, ms }: Pace, leastMs = 0): boolean {
  return performance.now() - at >= Math.max(leastMs, ms > CHEAP_MS ? ms * 20 : 0)
}

export async function timed<Result>(pace: Pace, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now()
  try {
    return await work()
  } finally {
    pace.at = performance.now()
    pace.ms = pace.at - start
  }
}
