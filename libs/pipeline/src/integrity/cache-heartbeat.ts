import type { Stage } from '@mediakeep/lease'
import { setCacheAbsence } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { upsertCache } from './cache-heartbeat.sql.ts'

export interface CacheSighting {
  readonly id: string
  readonly host: string
  readonly folder: string
  /** How long a cache may be silent before it counts as absent; undefined leaves what all machines share. */
  readonly absentAfterSeconds?: number | undefined
}

/** Records that this cache is in use. */
async function reportCache(sql: Sql, { id, host, folder }: CacheSighting): Promise<void> {
  await upsertCache(sql, [id, host, folder])
}

/** Reports a cache once a minute, in its own stage: no slow task may make a live cache look absent. */
export function cacheHeartbeat(sql: Sql, sighting: CacheSighting, everyMs = 60_000): Stage {
  let last = -Infinity
  return {
    name: 'cache-heartbeat',
    async drain() {
      if (performance.now() - last >= everyMs) {
        const { absentAfterSeconds } = sighting
        if (last === -Infinity && absentAfterSeconds !== undefined)
          await setCacheAbsence(sql, absentAfterSeconds)
        await reportCache(sql, sighting)
        last = performance.now()
      }
      return { done: 0, failed: 0 }
    },
  }
}
