import { randomUUID } from 'node:crypto'
import { access, constants, mkdir, opendir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TemporaryFile } from '@mediakeep/content'
import { assertAvailable, type CacheRoot } from './cache-root.ts'
import { asWriteError, errnoOf } from './errors.ts'
import { TEMPORARY_FOLDER } from './paths.ts'
import { currentProcess, formatIdentity, parseIdentity, stateOf } from './process-identity.ts'

/** A process of another machine counts as dead when its folder has not changed for this long. */
const FOREIGN_IDLE_MS = 24 * 60 * 60 * 1000

/** A folder found writable within this time is not checked again; a later write reports any problem. */
const CHECK_MS = 200
const checkedAt = new WeakMap<CacheRoot, number>()

function ownFolder(root: CacheRoot): string {
  return join(root.path, TEMPORARY_FOLDER, formatIdentity(currentProcess()))
}

/** Creates the folder only, not the file. @throws CacheWriteError @throws CacheUnavailableError */
export async function createTemporary(root: CacheRoot): Promise<TemporaryFile> {
  const folder = ownFolder(root)
  if (performance.now() - (checkedAt.get(root) ?? -Infinity) > CHECK_MS) {
    await makeWritable(root, folder)
    checkedAt.set(root, performance.now())
  }
  const path = join(folder, randomUUID())
  return { path, discard: () => rm(path, { force: true }) }
}

async function makeWritable(root: CacheRoot, folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw asWriteError(TEMPORARY_FOLDER, error)
    await assertAvailable(root)
    await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw asWriteError(TEMPORARY_FOLDER, cause)
    })
  }
}

export interface SweepReport {
  /** Folders of dead processes removed. */
  readonly removed: number
  readonly freedBytes: number
}

/** Removes what dead processes left behind; for other machines, after `foreignIdleMs` without a change. */
export async function sweepTemporary(root: CacheRoot, foreignIdleMs = FOREIGN_IDLE_MS): Promise<SweepReport> {
  await assertAvailable(root)
  let removed = 0
  let freedBytes = 0
  for await (const name of entriesOf(join(root.path, TEMPORARY_FOLDER))) {
    const folder = join(root.path, TEMPORARY_FOLDER, name)
    const { byteSize, changedAt } = await usage(folder)
    const owner = parseIdentity(name)
    const state = owner === undefined ? 'unknown' : stateOf(owner)
    const idle = Date.now() - changedAt > foreignIdleMs
    if (state === 'alive' || (state === 'unknown' && !idle)) continue
    await rm(folder, { recursive: true, force: true })
    removed += 1
    freedBytes += byteSize
  }
  return { removed, freedBytes }
}

/** Removes this process's own folder if it is empty. */
export async function removeOwnFolder(root: CacheRoot): Promise<void> {
  await rmdir(ownFolder(root)).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTEMPTY', 'EROFS'].includes(errnoOf(error) ?? '')) throw error
  })
}

async function usage(folder: string): Promise<{ byteSize: number; changedAt: number }> {
  let byteSize = 0
  let changedAt = (await stat(folder).catch(() => undefined))?.mtimeMs ?? 0
  for await (const name of entriesOf(folder)) {
    const stats = await stat(join(folder, name)).catch(() => undefined)
    byteSize += stats?.size ?? 0
    changedAt = Math.max(changedAt, stats?.mtimeMs ?? 0)
  }
  return { byteSize, changedAt }
}

/** The names in a folder; none if it does not exist or is a file. */
export async function* entriesOf(folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(folder)) yield entry.name
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error
  }
}
