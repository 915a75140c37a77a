import { readdir, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Sql } from '@mediakeep/sql'
import { selectWantedUploads } from './sweep-uploads.sql.ts'

/** A run is registered within seconds of its file's last byte. A running upload writes at least every minute. */
const REGISTERED_AFTER_MS = 60 * 60 * 1000

/**
 * Removes uploaded exports that a run has imported as a whole, and those that no run names. One stays whose run failed
 * or rejected posts, or that holds files of media without bytes, because the server may have the only copy: it can be
 * imported again. @returns how many
 */
export async function sweepUploads(sql: Sql, folder: string, now = Date.now()): Promise<number> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  const wanted = await selectWantedUploads(sql, [folder + sep])
  // Each upload has its own folder, named by the first part of its path.
  const kept = new Set(wanted.rows.map(({ path }) => relative(folder, path).split(sep)[0]))
  let removed = 0
  for (const name of names) {
    const path = join(folder, name)
    if (kept.has(name) || now - (await writtenAt(path)) < REGISTERED_AFTER_MS) continue
    await rm(path, { recursive: true, force: true })
    removed++
  }
  return removed
}

/** Returns the time of the last write below a folder: a folder's own time does not change while its file grows. */
async function writtenAt(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const stats = await Promise.all(
    [folder, ...names.map((name) => join(folder, name))].map((path) => stat(path)),
  )
  return Math.max(...stats.map(({ mtimeMs }) => mtimeMs))
}
