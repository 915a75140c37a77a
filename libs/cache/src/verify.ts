import type { FileHandle } from 'node:fs/promises'
import { digestOpenFile, type Digests } from '@mediakeep/checksum'
import { CacheMissError, type CacheCheck } from '@mediakeep/content'
import { assertAvailable, type CacheRoot } from './cache-root.ts'
import { errnoOf } from './errors.ts'
import { resolvePath } from './paths.ts'
import { moveToQuarantine } from './quarantine.ts'
import { openFile } from './read.ts'

/** Expected properties of a file. The SHA-256 is the proof where known; an old row may have only the MD5. */
export interface Expected {
  readonly path: string
  readonly digests: Pick<Digests, 'md5'> & Partial<Digests>
}

export async function digestOf(root: CacheRoot, path: string): Promise<Digests> {
  await using file = await openFile(root, path)
  return await digestOpenFile(file)
}

/** Reads the file; a corrupt or unreadable one goes to quarantine (not in a dry run). */
export async function verify(
  root: CacheRoot,
  { path, digests }: Expected,
  dryRun = false,
): Promise<CacheCheck> {
  try {
    await using file = await openFile(root, path)
    const { ino } = await file.stat()
    if (matches(await readableDigests(root, file), digests)) return 'ok'
    if (!dryRun) await moveToQuarantine(root, await resolvePath(root, path), ino)
    return 'corrupt'
  } catch (error) {
    if (error instanceof CacheMissError) return 'missing'
    throw error
  }
}

/** Undefined when the disk cannot read this file but can read the marker. */
async function readableDigests(root: CacheRoot, file: FileHandle): Promise<Digests | undefined> {
  try {
    return await digestOpenFile(file)
  } catch (error) {
    if (errnoOf(error) !== 'EIO') throw error
    await assertAvailable(root)
    return undefined
  }
}

function matches(found: Digests | undefined, expected: Expected['digests']): boolean {
  return (
    found?.md5 === expected.md5 &&
    (expected.sha256 === undefined || found.sha256 === expected.sha256) &&
    (expected.byteSize === undefined || found.byteSize === expected.byteSize)
  )
}
