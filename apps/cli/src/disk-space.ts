import { statfs } from 'node:fs/promises'

/** Below this, nothing can be written reliably, not even a small file. */
const LEAST_FREE_BYTES = 1024 ** 2

/** @returns the free space of the disk that holds a folder, in words @throws if there is none */
export async function diskSpace(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free < LEAST_FREE_BYTES)
    throw new Error(`the disk that holds ${folder} is full: ${free} bytes are free`)
  return `ok, ${(free / 1024 ** 3).toFixed(1)} GiB free`
}
