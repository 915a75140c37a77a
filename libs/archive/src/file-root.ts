import { randomUUID } from 'node:crypto'
import { access, link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ArchiveError } from '@mediakeep/content'
import { fileError, isMissing } from './file-errors.ts'

/** Distinguishes an archive from an empty mount point. */
const MARKER = '.mediakeep-archive'
/** Distinguishes archives: a mount point may hide a folder that was once an archive too. */
const ID = '.mediakeep-archive-id'
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const TEMPORARY = '.tmp'
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000

export interface FileRoot {
  /** The UUID in the archive's folder. */
  readonly id: string
  /** Absolute path of a key's file. */
  pathOf(key: string): string
  /** Path of a new temporary file of this process, on the same file system. */
  temporaryPath(): string
  /** @throws ArchiveError `not_mounted` if the folder is no longer the opened archive, `io` on a read error */
  check(): Promise<void>
}

/** Syncs a folder, so that created, renamed or removed entries survive a power failure. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Writes a whole new file and syncs it to disk. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function hasMarker(root: string): Promise<boolean> {
  try {
    await access(join(root, MARKER))
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function createMarker(root: string): Promise<void> {
  await mkdir(root, { recursive: true })
  const foreign = (await readdir(root)).filter((name) => !name.startsWith('.') && name !== 'lost+found')
  if (foreign.length > 0) {
    throw new ArchiveError(
      'not_mounted',
      `${root} contains ${foreign[0] ?? ''} but is not an archive: ${MARKER} is missing`,
    )
  }
  await writeSynced(join(root, MARKER), 'This folder is an archive of Mediakeep.\n')
  await syncFolder(root)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes temporary files of killed processes on this machine. */
async function removeAbandoned(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    try {
      const age = Date.now() - (await stat(path)).mtimeMs
      if (age > ABANDONED_AFTER_MS || !isAlive(Number.parseInt(name, 10))) await rm(path, { force: true })
    } catch (error) {
      // Its writer has just finished with it.
      if (!isMissing(error)) throw error
    }
  }
}

async function readId(root: string): Promise<string | undefined> {
  try {
    const id = (await readFile(join(root, ID), 'utf8')).trim()
    if (UUID.test(id)) return id
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  throw new ArchiveError('io', `${join(root, ID)} does not hold a UUID`)
}

/** Adds an id to archives of earlier versions. If two processes do so at once, the first one's id is used. */
async function ensureId(root: string): Promise<string> {
  const known = await readId(root)
  if (known !== undefined) return known
  const temporary = join(root, TEMPORARY, `${process.pid}-${randomUUID()}`)
  try {
    await writeSynced(temporary, `${randomUUID()}\n`)
    await link(temporary, join(root, ID)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    })
    await syncFolder(root)
  } finally {
    await rm(temporary, { force: true })
  }
  return (await readId(root))!
}

export interface FileRootOptions {
  /** True if an empty or missing folder may become a new archive. */
  readonly create: boolean
  /** The archive's expected id; any other id is rejected. */
  readonly expectId?: string | undefined
}

/** Opens the folder, or makes it an archive if it is empty and `create` is true. */
export async function openFileRoot(root: string, { create, expectId }: FileRootOptions): Promise<FileRoot> {
  let id: string
  try {
    if (!(await hasMarker(root))) {
      if (!create)
        throw new ArchiveError(
          'not_mounted',
          `${root} is not an archive: ${MARKER} is missing. Is it mounted?`,
        )
      await createMarker(root)
    }
    await removeAbandoned(join(root, TEMPORARY))
    id = await ensureId(root)
  } catch (error) {
    throw fileError(error, 'open', root)
  }
  if (expectId !== undefined && id !== expectId) {
    throw new ArchiveError(
      'not_mounted',
      `${root} is the archive ${id}, and the database points to the archive ${expectId}. Is the right folder mounted, ` +
        'and MEDIAKEEP_HOME the right one? Machines share one folder, or use S3.',
    )
  }
  return {
    id,
    pathOf: (key) => join(root, key),
    temporaryPath: () => join(root, TEMPORARY, `${process.pid}-${randomUUID()}`),
    async check() {
      const isOurs = async (): Promise<boolean> => (await hasMarker(root)) && (await readId(root)) === id
      const isThere = await isOurs().catch((error: unknown) => {
        throw fileError(error, 'look into', root)
      })
      if (isThere) return
      throw new ArchiveError('not_mounted', `${root} is not the archive it was. Is it still mounted?`, {
        retryable: true,
      })
    },
  }
}
