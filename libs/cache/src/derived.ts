import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CachePathError } from '@mediakeep/content'
import { assertAvailable, writeDurably, type CacheRoot } from './cache-root.ts'
import { asWriteError, errnoOf } from './errors.ts'
import { DERIVED_FOLDER } from './paths.ts'
import { createTemporary } from './temporary.ts'

/** Small files made from contents, mostly thumbnails. They may vanish at any time and are then made again. */
export interface DerivedFiles {
  /** @param name unique per source and settings: `{sha256}-320.webp` */
  read(name: string): Promise<Buffer | undefined>
  /** Readers see the whole file or none of it; the last writer wins. @throws CacheWriteError */
  write(name: string, bytes: Uint8Array): Promise<void>
}

const NAME = /^[a-z0-9][a-z0-9_-]*\.[a-z0-9]{1,10}$/

export function derivedFiles(root: CacheRoot): DerivedFiles {
  async function read(name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(absolutePath(root, name))
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async function write(name: string, bytes: Uint8Array): Promise<void> {
    const target = absolutePath(root, name)
    const temporary = await createTemporary(root)
    try {
      await writeDurably(temporary.path, bytes)
      await moveInto(root, temporary.path, target)
    } catch (error) {
      throw asWriteError(`${DERIVED_FOLDER}/${name}`, error)
    } finally {
      await temporary.discard().catch(() => undefined)
    }
  }

  return { read, write }
}

function absolutePath(root: CacheRoot, name: string): string {
  if (!NAME.test(name)) throw new CachePathError(`Not the name of a derived file: ${JSON.stringify(name)}`)
  return join(root.path, DERIVED_FOLDER, name)
}

async function moveInto(root: CacheRoot, temporary: string, target: string): Promise<void> {
  try {
    await rename(temporary, target)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    await assertAvailable(root)
    await mkdir(dirname(target), { recursive: true })
    await rename(temporary, target)
  }
}
