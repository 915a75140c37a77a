import { type PeriodicTask } from '@mediakeep/lease'
import type { Archive } from '@mediakeep/content'
import { evictCache, type EvictableCache } from './evict-cache.ts'
import type { KeepingDeps } from './examine-content.ts'
import {
  assertQuarantineHasRoom,
  limitQuarantine,
  type QuarantineDeps,
  type QuarantineLimits,
} from './limit-quarantine.ts'
import { collectGarbage, type GarbageCache, type GarbageDeps } from './collect-garbage.ts'
import { seekMissing } from './seek-missing.ts'
import { countArchived, verifySample } from './verify-sample.ts'
import { updateCacheCount } from './tasks.sql.ts'

interface Period {
  readonly everySeconds: number
}

/** A rolling verification of the whole archive, a part per run: all of it in `wholeSeconds`. */
export function verifyTask(
  deps: KeepingDeps,
  { everySeconds, wholeSeconds, deep }: Period & { readonly wholeSeconds: number; readonly deep: number },
): PeriodicTask {
  return {
    name: 'verify',
    everySeconds,
    async run(signal) {
      const contents = Math.ceil(((await countArchived(deps.db)) * everySeconds) / wholeSeconds)
      return { ...(await verifySample(deps, { contents, deep, signal })) }
    },
  }
}

/** Looks again for contents that a cache did not have: they may be back in this one. */
export function seekTask(
  deps: KeepingDeps,
  { everySeconds, contents }: Period & { readonly contents: number },
): PeriodicTask {
  return {
    name: `seek:${deps.cache.id}`,
    everySeconds,
    run: async (signal) => ({ ...(await seekMissing(deps, { contents, signal })) }),
  }
}

/** Keeps one cache within its limit. */
export function evictTask(
  deps: {
    readonly db: KeepingDeps['db']
    readonly cache: GarbageCache &
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

/** Keeps the quarantine of one cache within its limits. @throws QuarantineFullError when it cannot */
export function quarantineTask(
  deps: QuarantineDeps,
  { everySeconds, ...limits }: Period & Omit<QuarantineLimits, 'signal'>,
): PeriodicTask {
  return {
    name: `quarantine:${deps.cache.id}`,
    everySeconds,
    async run(signal) {
      const report = await limitQuarantine(deps, { ...limits, signal })
      await assertQuarantineHasRoom(deps.db, deps.cache, limits.maxBytes)
      return { ...report }
    },
  }
}

/** Removes contents that no row shows from one cache and the archive. Each run examines the next part of them. */
export function garbageTask(
  deps: GarbageDeps,
  { everySeconds, contents }: Period & { readonly contents: number },
): PeriodicTask {
  return {
    name: `reap:${deps.cache.id}`,
    everySeconds,
    async run(signal) {
      const { orphans, ...report } = await collectGarbage(deps, { signal, contents })
      return orphans ? { ...report, orphans: { ...orphans, examples: [...orphans.examples] } } : report
    },
  }
}

/**
 * Counts the files of one cache on disk: rows only record what was once in some cache. Counting lists all of them, so a
 * large cache is counted less often.
 */
export function countCacheTask(
  {
    db,
    cache,
  }: {
    readonly db: KeepingDeps['db']
    readonly cache: {
      readonly id: string
      stats(): Promise<{ readonly total: { readonly files: number; readonly byteSize: number } }>
    }
  },
  { everySeconds }: Period,
): PeriodicTask {
  return {
    name: `count:${cache.id}`,
    everySeconds,
    maxShare: 0.02,
    async run() {
      const { files, byteSize: bytes } = (await cache.stats()).total
      await updateCacheCount(db, [cache.id, files, bytes])
      return { files, bytes }
    },
  }
}
