import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, realpath, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CacheUnavailableError, CONTENT_FOLDERS } from '@mediakeep/content'
import { asWriteError, errnoOf, writeError } from './errors.ts'

export interface CacheRoot {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** The UUID in the marker file. */
  readonly id: string
}

export interface OpenRootOptions {
  /** Creates a cache if there is none. Without it, a folder that is not a cache is refused. */
  readonly create?: boolean | undefined
  /** The id this cache had when it was last opened; a different or missing id is refused. */
  readonly expectId?: string | undefined
}

const MARKER = '.mediakeep-cache'
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** @throws CacheUnavailableError @throws CacheWriteError when a new cache cannot be made */
export async function openRoot(folder: string, options: OpenRootOptions): Promise<CacheRoot> {
  const { create = false, expectId } = options
  const path = await existingFolder(resolve(folder), create && expectId === undefined)
  const id = await readMarker(path)
  if (id !== undefined) {
    if (expectId !== undefined && id !== expectId) {
      throw new CacheUnavailableError(path, `it has the id ${id}, but ${expectId} was expected`)
    }
    return { path, id }
  }
  if (expectId !== undefined) throw unmarked(path)
  if (!create && !(await looksLikeCache(path))) {
    throw new CacheUnavailableError(path, `it has no ${MARKER} file and none of the folders of a cache`)
  }
  return { path, id: await writeMarker(path) }
}

/**
 * Call before reporting a file as missing.
 * @throws CacheUnavailableError when the root no longer has its marker
 */
export async function assertAvailable(root: CacheRoot): Promise<void> {
  const id = await readMarker(root.path)
  if (id === undefined) throw unmarked(root.path)
  if (id !== root.id) {
    throw new CacheUnavailableError(root.path, `its id is now ${id}, and was ${root.id} before`)
  }
}

function unmarked(path: string): CacheUnavailableError {
  return new CacheUnavailableError(path, `its ${MARKER} file is gone; is the disk mounted?`)
}

async function existingFolder(path: string, create: boolean): Promise<string> {
  try {
    if (create) await mkdir(path, { recursive: true })
    return await realpath(path)
  } catch (error) {
    const cause = errnoOf(error)
    if (cause === 'ENOENT') {
      throw new CacheUnavailableError(path, 'the folder does not exist', { cause: error })
    }
    throw create ? asWriteError(path, error) : error
  }
}

async function looksLikeCache(path: string): Promise<boolean> {
  const names = await readdir(path)
  return CONTENT_FOLDERS.some((folder) => names.includes(folder))
}

async function readMarker(root: string): Promise<string | undefined> {
  let text: string
  try {
    text = await readFile(join(root, MARKER), 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined
    throw new CacheUnavailableError(root, `its ${MARKER} file cannot be read`, { cause: error })
  }
  const id = text.trim()
  if (!UUID.test(id)) throw new CacheUnavailableError(root, `its ${MARKER} file does not hold a UUID`)
  return id
}

/** When two processes mark a new cache at once, the first one wins. */
async function writeMarker(root: string): Promise<string> {
  const id = randomUUID()
  const temporary = join(root, `${MARKER}.${id}`)
  try {
    await writeDurably(temporary, `${id}\n`)
    await link(temporary, join(root, MARKER)).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error
    })
  } catch (error) {
    throw asWriteError(MARKER, error)
  } finally {
    await unlink(temporary).catch(() => undefined)
  }
  const winner = await readMarker(root)
  if (winner === undefined) throw writeError(MARKER, 'ENOENT')
  return winner
}

export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  await using file = await open(path, 'wx')
  await file.writeFile(bytes)
  await file.sync()
}
