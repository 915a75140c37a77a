import type { Cache } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { selectShownPaths } from './superseded-files.sql.ts'

/** Files whose content is now stored under its own name; removes each once no row names it. */
export interface SupersededFiles {
  add(path: string): Promise<void>
  sweep(): Promise<void>
}

const SWEEP_AT = 500

/** Checks many paths with one statement. */
export function supersededFiles(sql: Sql, cache: Pick<Cache, 'remove'>): SupersededFiles {
  let paths = new Set<string>()
  const sweep = async (): Promise<void> => {
    if (paths.size === 0) return
    const asked = paths
    paths = new Set()
    const named = await selectShownPaths(sql, [[...asked]])
    const kept = new Set(named.rows.map((row) => row.path))
    for (const path of asked) if (!kept.has(path)) await cache.remove(path)
  }
  return {
    async add(path) {
      paths.add(path)
      if (paths.size >= SWEEP_AT) await sweep()
    },
    sweep,
  }
}
