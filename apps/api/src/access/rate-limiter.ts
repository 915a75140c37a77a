const MAX_KEYS = 10_000

interface RateLimit {
  readonly allowed: boolean
  /** How many more may come at once. */
  readonly remaining: number
  /** Until one more may come; 0 when it may now. */
  readonly retryAfterSeconds: number
  /** Until as many may come at once as ever. */
  readonly resetSeconds: number
}

export interface RateLimiter {
  readonly perMinute: number
  /** Takes one turn of a key's. */
  take(key: string): RateLimit
}

interface Bucket {
  turns: number
  at: number
}

/**
 * A token bucket a key: `perMinute` turns a minute on the long run, a sixth of them at once. Of this process alone:
 * several processes let through as many times more.
 */
export function openRateLimiter(perMinute: number, now: () => number = () => performance.now()): RateLimiter {
  const capacity = Math.max(1, Math.ceil(perMinute / 6))
  const perMs = perMinute / 60_000
  const buckets = new Map<string, Bucket>()
  return {
    perMinute,
    take(key) {
      const at = now()
      const last = buckets.get(key)
      const turns = last ? Math.min(capacity, last.turns + (at - last.at) * perMs) : capacity
      const allowed = turns >= 1
      const left = allowed ? turns - 1 : turns
      // Written anew, so that the map's order is that of use and the first are those to forget.
      buckets.delete(key)
      buckets.set(key, { turns: left, at })
      if (buckets.size > MAX_KEYS) buckets.delete(buckets.keys().next().value!)
      return {
        allowed,
        remaining: Math.floor(left),
        retryAfterSeconds: left >= 1 ? 0 : Math.ceil((1 - left) / perMs / 1000),
        resetSeconds: Math.ceil((capacity - left) / perMs / 1000),
      }
    },
  }
}
