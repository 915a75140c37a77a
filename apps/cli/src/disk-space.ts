import { statfs } from 'node:fs/promises'
import { DiskFullError } from '@mediakeep/pipeline'

/** Below this, nothing can be written reliably, not even a small file. */
const LEAST_FREE_BYTES = 1024 ** 2

/**
 * @param failure the last failure of this process's downloads, undefined if there was none
 * @returns the free space of the disk that holds a folder, in words
 * @throws if there is none, or if downloads pause because too little is left
 */
export async function diskSpace(folder: string, failure?: unknown): Promise<string> {
  if (failure instanceof DiskFullError) throw failure
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free < LEAST_FREE_BYTES)
    throw new Error(`the disk that holds ${folder} is full: ${free} bytes are free`)
  return `ok, ${(free / 1024 ** 3).toFixed(1)} GiB free`
}
