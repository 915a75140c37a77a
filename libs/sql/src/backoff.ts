/** Pauses between attempts, all in one unit of time. */
export interface Backoff {
  /** Pause after the first failure. */
  readonly first: number
  readonly longest: number
  /** Growth after each further failure; default 2. */
  readonly factor?: number | undefined
  /** Smallest and largest share of the pause, chosen at random; default none. */
  readonly jitter?: Jitter | undefined
}

type Jitter = readonly [least: number, most: number]

/** Returns the pause after the given number of failures in a row, from 1. */
export function backoff(failures: number, { first, longest, factor = 2, jitter = [1, 1] }: Backoff): number {
  return withJitter(Math.min(longest, first * factor ** (failures - 1)), jitter)
}

/** Varies a pause at random, so that work which failed at the same moment is not retried at the same moment. */
export function withJitter(pause: number, [least, most]: Jitter): number {
  return pause * (least + (most - least) * Math.random())
}
