import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql } from '@mediakeep/sql'

/** A run is registered within seconds after its file was uploaded. */
const REGISTERED_AFTER_MS = 60 * 60 * 1000

/** Removes uploaded posts files that no run has still to read. @returns how many */
export async function sweepUploads(sql: Sql, folder: string, now = Date.now()): Promise<number> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  const paths = names.map((name) => join(folder, name))
  const wanted = await sql.query<{ path: string }>(
    `SELECT f.path FROM public.download_runs d JOIN mediakeep.import_runs r USING (run_id)
     CROSS JOIN LATERAL unnest(r.files) f (path) WHERE d.status = 'running' AND f.path = ANY($1)`,
    [paths],
  )
  const kept = new Set(wanted.rows.map(({ path }) => path))
  let removed = 0
  for (const path of paths) {
    if (kept.has(path) || now - (await stat(path)).mtimeMs < REGISTERED_AFTER_MS) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}
