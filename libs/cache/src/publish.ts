import { constants } from 'node:fs'
import { link, lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { CachePathError } from '@mediakeep/content'
import { errnoOf } from './errors.ts'

/** File systems without hard links (exFAT, some network mounts) return one of these. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** Gives a file its name if the name is free; of two concurrent calls, one gets `exists`. */
export async function publish(temporary: string, target: string): Promise<'published' | 'exists'> {
  try {
    await link(temporary, target)
  } catch (error) {
    const code = errnoOf(error) ?? ''
    if (code === 'EEXIST') return 'exists'
    if (!NO_LINKS.includes(code)) throw error
    return await publishByRename(temporary, target)
  }
  // The file has its name; a leftover in the temporary folder is harmless and swept later.
  await unlink(temporary).catch(() => undefined)
  return 'published'
}

/** Two concurrent calls may both find the name free; the name identifies the bytes, so either file will do. */
async function publishByRename(temporary: string, target: string): Promise<'published' | 'exists'> {
  const taken = await lstat(target).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (taken !== undefined) return 'exists'
  await rename(temporary, target)
  return 'published'
}

export interface FolderSync {
  /** Runs `change` in a folder, then makes it durable. Opens the folder first, so that EMFILE changes nothing. */
  durably<Result>(folder: string, change: () => Promise<Result>): Promise<Result>
}

interface OpenFolder {
  readonly handle: Promise<FileHandle>
  users: number
  /** The fsync that has not started yet; changes made before it starts can share it. */
  pending: Promise<void> | undefined
  last: Promise<void>
}

/** Files stored at the same time share one fsync of their folder. */
export function createFolderSync(): FolderSync {
  const folders = new Map<string, OpenFolder>()

  async function durably<Result>(path: string, change: () => Promise<Result>): Promise<Result> {
    const folder = folders.get(path) ?? enter(path)
    folder.users += 1
    try {
      const handle = await folder.handle
      const result = await change()
      await sync(folder, handle)
      return result
    } finally {
      folder.users -= 1
      if (folder.users === 0) {
        if (folders.get(path) === folder) folders.delete(path)
        await folder.handle.then(
          (handle) => handle.close(),
          () => undefined,
        )
      }
    }
  }

  function enter(path: string): OpenFolder {
    const folder = { handle: openFolder(path), users: 0, pending: undefined, last: Promise.resolve() }
    folders.set(path, folder)
    return folder
  }

  return { durably }
}

/** @throws CachePathError when it is a link, which could lead outside the cache */
async function openFolder(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    if (errnoOf(error) !== 'ELOOP') throw error
    const remedy = 'make CACHE_DIR the real folder, or mount it'
    throw new CachePathError(`${path} is a symbolic link; ${remedy}`, { cause: error })
  }
}

function sync(folder: OpenFolder, handle: FileHandle): Promise<void> {
  folder.pending ??= folder.last
    .catch(() => undefined)
    .then(() => {
      folder.pending = undefined
      folder.last = handle.sync()
      return folder.last
    })
  return folder.pending
}
