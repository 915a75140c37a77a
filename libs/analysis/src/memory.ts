import type { Sql } from '@mediakeep/sql'
import type { ConfiguredAnalyser } from './analysers.ts'

/** Time and duration of the last run of some work, so that slow work runs rarely. */
export interface Pace {
  /** Monotonic clock, in milliseconds. */
  at: number
  ms: number
}

/**
 * Head of a lane of the queue. Index entries below it belong to rows that are taken or done; while some transaction
 * stays open, these cannot be removed, and every claim from the start would have to read through them.
 */
export interface Head {
  /** By priority; key 0 if the lane ignores priorities. */
  readonly places: Map<number, number>
  /** The last scan from the start, for rows that were skipped because they were locked, and then came back. */
  readonly scan: Pace
}

/** A process's memory of one database's queue. All of it may be lost at any time. */
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

/** True if at least `leastMs` have passed. Slow work is limited to a twentieth of the time. */
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
