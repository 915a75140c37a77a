import { lstat, mkdir, open, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CacheMissError, CachePathError, type Quarantine, type TemporaryFile } from '@mediakeep/content'
import { assertAvailable, type CacheRoot } from './cache-root.ts'
import { asWriteError, errnoOf } from './errors.ts'
import { assertContentPath, QUARANTINE_FOLDER, resolvePath } from './paths.ts'
import type { FolderSync } from './publish.ts'
import { entriesOf } from './temporary.ts'

/** Rejected files, named by SHA-256; the files that `moveToQuarantine` adds start with a time. */
const NAME = /^[0-9a-f]{64}\.[a-z0-9]{1,10}$/

/** Every move is one rename: a kill at any moment leaves the file in one place or the other. */
export function quarantineOf(root: CacheRoot, folders: FolderSync): Quarantine {
  return {
    async keep(path, name) {
      const source = await resolvePath(root, path)
      const target = join(await folderOf(root, folders), checked(name))
      return (await move(root, folders, source, target)) ? 'moved' : isThere(target)
    },
    async keepTemporary(temporary: TemporaryFile, name) {
      const target = join(await folderOf(root, folders), checked(name))
      await move(root, folders, temporary.path, target)
    },
    async release(name, path) {
      assertContentPath(path)
      const source = join(root.path, QUARANTINE_FOLDER, checked(name))
      const target = join(root.path, path)
      await folders.durably(root.path, () => mkdir(dirname(target), { recursive: true }))
      return (await moveBack(root, folders, source, target)) ? 'moved' : isThere(target)
    },
    async open(name, { start, end } = { start: 0 }) {
      const path = join(root.path, QUARANTINE_FOLDER, checked(name))
      const file = await open(path).catch(async (error: unknown) => {
        if (errnoOf(error) !== 'ENOENT') throw error
        await assertAvailable(root)
        throw new CacheMissError(`${QUARANTINE_FOLDER}/${name}`, { cause: error })
      })
      return file.createReadStream({ start, ...(end !== undefined && { end }) })
    },
    async remove(name) {
      await rm(join(root.path, QUARANTINE_FOLDER, checked(name)), { force: true })
    },
    async *list() {
      await assertAvailable(root)
      for await (const name of entriesOf(join(root.path, QUARANTINE_FOLDER))) if (NAME.test(name)) yield name
    },
  }
}

function checked(name: string): string {
  if (NAME.test(name)) return name
  throw new CachePathError(`Not the name of a file in quarantine: ${JSON.stringify(name)}`)
}

async function folderOf(root: CacheRoot, folders: FolderSync): Promise<string> {
  const folder = join(root.path, QUARANTINE_FOLDER)
  await assertAvailable(root)
  await folders.durably(root.path, () => mkdir(folder, { recursive: true }))
  return folder
}

/** @returns whether there was a file to move @throws CacheWriteError @throws CacheUnavailableError */
async function move(root: CacheRoot, folders: FolderSync, source: string, target: string): Promise<boolean> {
  try {
    await folders.durably(dirname(target), () => rename(source, target))
    return true
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw asWriteError(target, error)
    await assertAvailable(root)
    return false
  }
}

/** If the cache has the same bytes again, those stay: readers may have them open. */
async function moveBack(
  root: CacheRoot,
  folders: FolderSync,
  source: string,
  target: string,
): Promise<boolean> {
  if ((await isThere(target)) === 'missing') return move(root, folders, source, target)
  await unlink(source).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error
  })
  return false
}

async function isThere(path: string): Promise<'present' | 'missing'> {
  try {
    await lstat(path)
    return 'present'
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'missing'
    throw error
  }
}
