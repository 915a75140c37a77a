import { randomUUID } from 'node:crypto'
import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CacheRoot } from './cache-root.ts'
import { errnoOf } from './errors.ts'
import { QUARANTINE_FOLDER } from './paths.ts'
import { entriesOf } from './temporary.ts'

/**
 * Moves a file out of the way, for a person to look at: `quarantine/20260131T120000Z-1b4e28ba-d41d8c….jpg`.
 * @param inode the file that was found wrong; another that has taken its name since then is left alone
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

/** Deletes what has been in quarantine for longer than this; how long is told by its name. @returns how many files */
export async function purgeQuarantine(root: CacheRoot, olderThanMs: number): Promise<number> {
  const folder = join(root.path, QUARANTINE_FOLDER)
  let purged = 0
  for await (const name of entriesOf(folder)) {
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(name) ?? []
    const movedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
    if (!(Date.now() - movedAt > olderThanMs)) continue
    await rm(join(folder, name), { force: true })
    purged += 1
  }
  return purged
}
