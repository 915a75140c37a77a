import { randomUUID } from 'node:crypto'
import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { inBatches } from './batches.ts'
import type { CacheRoot } from './cache-root.ts'
import { errnoOf } from './errors.ts'
import { QUARANTINE_FOLDER } from './paths.ts'
import { entriesOf } from './temporary.ts'

/**
 * Moves a file aside for a person to inspect: `quarantine/20260131T120000Z-1b4e28ba-d41d8c….jpg`.
 * @param inode the file found corrupt; a newer file with the same name is left alone
 */
export async function moveToQuarantine(root: CacheRoot, absolutePath: string, inode: number): Promise<void> {
  const folder = join(root.path, QUARANTINE_FOLDER)
  await mkdir(folder, { recursive: true })
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const target = join(folder, `${time}-${randomUUID().slice(0, 8)}-${basename(absolutePath)}`)
  try {
    if ((await lstat(absolutePath)).ino === inode) await rename(absolutePath, target)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}

/** Given the content names (`d41d…`) of damaged files, returns those that may be deleted. */
export type MayPurge = (names: readonly string[]) => Promise<ReadonlySet<string>>

const DAMAGED = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{8}-([^.]+)\./

/**
 * Deletes damaged files that have been in quarantine for longer than this, according to their names.
 * @returns how many files
 */
export async function purgeQuarantine(
  root: CacheRoot,
  olderThanMs: number,
  mayPurge: MayPurge,
): Promise<number> {
  const folder = join(root.path, QUARANTINE_FOLDER)
  let purged = 0
  for await (const batch of inBatches(entriesOf(folder), 500)) {
    const old = batch.flatMap((file) => {
      const [, year, month, day, hour, minute, second, name] = DAMAGED.exec(file) ?? []
      const movedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
      return name !== undefined && Date.now() - movedAt > olderThanMs ? [{ file, name }] : []
    })
    if (old.length === 0) continue
    const allowed = await mayPurge(old.map(({ name }) => name))
    for (const { file, name } of old) {
      if (!allowed.has(name)) continue
      await rm(join(folder, file), { force: true })
      purged += 1
    }
  }
  return purged
}
