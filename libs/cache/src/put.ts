import { lstat, mkdir, open, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { digestFile, type Digests } from '@mediakeep/checksum'
import type { TemporaryFile } from '@mediakeep/content'
import { assertAvailable, type CacheRoot } from './cache-root.ts'
import { asWriteError, errnoOf, writeError } from './errors.ts'
import { assertContentPath } from './paths.ts'
import { publish, type FolderSync } from './publish.ts'
import { moveToQuarantine } from './quarantine.ts'
import { markUsed } from './read.ts'

type Outcome = 'stored' | 'present'

interface NewFile {
  readonly temporary: TemporaryFile
  /** Relative to the root. */
  readonly path: string
  readonly digests: Digests
  readonly isSynced?: boolean
}

interface Candidate {
  /** Absolute. */
  readonly temporary: string
  readonly target: string
  readonly digests: Digests
}

/** @throws CacheWriteError @throws CacheUnavailableError @throws CachePathError */
export async function put(
  root: CacheRoot,
  folders: FolderSync,
  { temporary, path, digests, isSynced = false }: NewFile,
): Promise<Outcome> {
  let outcome: Outcome | undefined
  try {
    assertContentPath(path)
    if (!isSynced) await syncBytes(temporary.path, path, digests.byteSize)
    const target = join(root.path, path)
    outcome = await storeInFolder(root, folders, { temporary: temporary.path, target, digests })
    return outcome
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') await assertAvailable(root)
    throw asWriteError(path, error)
  } finally {
    // If removal fails too (a read-only disk), the file is swept after this process ends.
    if (outcome !== 'stored') await temporary.discard().catch(() => undefined)
  }
}

async function syncBytes(temporary: string, path: string, byteSize: number): Promise<void> {
  await using file = await open(temporary, 'r+')
  const { size } = await file.stat()
  if (size !== byteSize) {
    throw writeError(path, 'size_mismatch', {
      cause: new Error(`${size} bytes are there, ${byteSize} were hashed`),
    })
  }
  await file.sync()
}

async function storeInFolder(root: CacheRoot, folders: FolderSync, candidate: Candidate): Promise<Outcome> {
  try {
    return await store(root, folders, candidate)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
  // The folder does not exist yet, but nothing may be written into the mount point of a missing disk.
  await assertAvailable(root)
  await folders.durably(root.path, () => mkdir(dirname(candidate.target), { recursive: true }))
  return await store(root, folders, candidate)
}

async function store(root: CacheRoot, folders: FolderSync, candidate: Candidate): Promise<Outcome> {
  const { temporary, target, digests } = candidate
  const done = { published: false }
  try {
    return await folders.durably(dirname(target), async () => {
      for (;;) {
        done.published = (await publish(temporary, target)) === 'published'
        if (done.published) return 'stored'
        if (await holds(root, target, digests)) return 'present'
      }
    })
  } catch (error) {
    // Remove a name that may not survive a crash: readers could not tell that it was never confirmed.
    if (done.published) await unlink(target).catch(() => undefined)
    throw error
  }
}

/** True if these bytes are already there; other bytes under this name go to quarantine. */
async function holds(root: CacheRoot, target: string, digests: Digests): Promise<boolean> {
  try {
    const stats = await lstat(target)
    if (stats.isFile() && stats.size === digests.byteSize) {
      const found = await digestFile(target)
      if (found.sha256 === digests.sha256) {
        await using file = await open(target, 'r')
        await markUsed(file, stats)
        return true
      }
    }
    await moveToQuarantine(root, target, stats.ino)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
  return false
}
