import type { Archive } from '@mediakeep/content'
import { evictCache, type EvictableCache } from './evict-cache.ts'
import type { KeepingDeps } from './examine-content.ts'
import type { PeriodicTask } from './periodic-tasks.ts'
import { reap, type ReapableCache, type ReapDeps } from './reap.ts'
import { verifySome } from './verify-some.ts'

interface Period {
  readonly everySeconds: number
}

/** A rolling verification of the whole archive, a few contents a run. */
export function verifyTask(
  deps: KeepingDeps,
  { everySeconds, ...options }: Period & { readonly contents: number; readonly deep: number },
): PeriodicTask {
  return {
    name: 'verify',
    everySeconds,
    run: async (signal) => ({ ...(await verifySome(deps, { ...options, signal })) }),
  }
}

/** Keeps one cache below its limit. */
export function evictTask(
  deps: {
    readonly db: KeepingDeps['db']
    readonly cache: ReapableCache &
      EvictableCache<{
        removed: readonly string[]
        freedBytes: number
        remainingBytes: number
        refused: number
      }>
    readonly archive: Archive
  },
  { everySeconds, maxBytes }: Period & { readonly maxBytes: number },
): PeriodicTask {
  return {
    name: `evict:${deps.cache.id}`,
    everySeconds,
    async run(signal) {
      const { removed, ...report } = await evictCache(deps, { maxBytes, signal })
      return { removed: removed.length, ...report }
    },
  }
}

/** Removes what nothing shows any more, from one cache and the archive. */
export function reapTask(deps: ReapDeps, { everySeconds }: Period): PeriodicTask {
  return {
    name: `reap:${deps.cache.id}`,
    everySeconds,
    async run(signal) {
      const { orphans, ...report } = await reap(deps, { signal })
      return { ...report, orphans: { ...orphans, examples: [...orphans.examples] } }
    },
  }
}
