const MAX_KEYS = 10_000

interface RateLimit {
  readonly allowed: boolean
  /** Number of requests still allowed at once. */
  readonly remaining: number
  /** Seconds until the next request is allowed; 0 when it is allowed now. */
  readonly retryAfterSeconds: number
  /** Seconds until the full burst is available again. */
  readonly resetSeconds: number
}

export interface RateLimiter {
  readonly perMinute: number
  /** Takes one turn for a key. */
  take(key: string): RateLimit
}

interface Bucket {
  turns: number
  at: number
}

/**
 * One token bucket per key: `perMinute` turns a minute in the long run, with bursts of a sixth of that. Local to this
 * process: several processes together allow that many times more.
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
      // Insert again to keep the map in order of use, so that the first entries are the ones to evict.
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
