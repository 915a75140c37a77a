import { constants, type Stats } from 'node:fs'
import { lstat, open, unlink, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { CacheMissError, CachePathError, type ByteRange } from '@mediakeep/content'
import { assertAvailable, type CacheRoot } from './cache-root.ts'
import { errnoOf } from './errors.ts'
import { resolvePath } from './paths.ts'

/** Use is recorded at most once in this interval. */
const MARK_INTERVAL_MS = 60 * 60 * 1000
/** A read-only cache still serves files, but does not record their use. */
const MAY_NOT_MARK = ['EROFS', 'EPERM', 'EACCES']

export async function sizeOf(root: CacheRoot, path: string): Promise<number | undefined> {
  const absolute = await resolvePath(root, path)
  try {
    const stats = await lstat(absolute)
    return stats.isFile() ? stats.size : undefined
  } catch (error) {
    if (!isAbsence(error)) throw error
    await assertAvailable(root)
    return undefined
  }
}

/** @throws CacheMissError @throws CacheUnavailableError @throws CachePathError */
export async function openStream(root: CacheRoot, path: string, range?: ByteRange): Promise<Readable> {
  const file = await openFile(root, path)
  try {
    await markUsed(file, await file.stat())
  } catch (error) {
    await file.close()
    throw error
  }
  return file.createReadStream({
    start: range?.start ?? 0,
    ...(range?.end !== undefined && { end: range.end }),
  })
}

/** @throws CacheMissError @throws CacheUnavailableError @throws CachePathError */
export async function readStart(root: CacheRoot, path: string, limit: number): Promise<Buffer> {
  const file = await openPath(root, path)
  try {
    const buffer = Buffer.allocUnsafeSlow(limit)
    let filled = 0
    while (filled < limit) {
      const { bytesRead } = await file.read(buffer, filled, limit - filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  } catch (error) {
    if (errnoOf(error) === 'EISDIR') throw new CacheMissError(path, { cause: error })
    throw error
  } finally {
    await file.close()
  }
}

export async function locate(root: CacheRoot, path: string): Promise<string> {
  await using file = await openFile(root, path)
  await markUsed(file, await file.stat())
  return await resolvePath(root, path)
}

export async function remove(root: CacheRoot, path: string): Promise<void> {
  await unlink(await resolvePath(root, path)).catch(async (error: unknown) => {
    if (!isAbsence(error)) throw error
    await assertAvailable(root)
  })
}

/** @throws CacheMissError @throws CacheUnavailableError @throws CachePathError */
export async function openFile(root: CacheRoot, path: string): Promise<FileHandle> {
  const file = await openPath(root, path)
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new CacheMissError(path)
}

/** The path may be a folder. */
async function openPath(root: CacheRoot, path: string): Promise<FileHandle> {
  const absolute = await resolvePath(root, path)
  try {
    return await open(absolute, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') throw new CachePathError(`${path} is a symbolic link`, { cause: error })
    if (!isAbsence(error)) throw error
    await assertAvailable(root)
    throw new CacheMissError(path, { cause: error })
  }
}

/** The modification time records the last use, so reads for a check or a backup do not change it. */
export async function markUsed(file: FileHandle, stats: Stats): Promise<void> {
  const now = new Date()
  if (now.getTime() - stats.mtimeMs < MARK_INTERVAL_MS) return
  await file.utimes(now, now).catch((error: unknown) => {
    if (!MAY_NOT_MARK.includes(errnoOf(error) ?? '')) throw error
  })
}

function isAbsence(error: unknown): boolean {
  return errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR'
}
