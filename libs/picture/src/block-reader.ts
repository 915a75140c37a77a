import type { FileHandle } from 'node:fs/promises'

export interface BlockReader {
  readonly size: number
  /** @returns fewer bytes at the end of the file; valid until the next call */
  read(offset: number, length: number): Promise<Buffer>
}

const BLOCK_BYTES = 64 * 1024

/** Reads short pieces of a file, one block at a time, so that small forward steps need no system call each. */
export function createBlockReader(file: FileHandle, size: number): BlockReader {
  const block = Buffer.alloc(BLOCK_BYTES)
  let [start, length] = [0, 0]
  return {
    size,
    async read(offset, wanted) {
      const end = Math.min(size, offset + wanted)
      if (offset < start || end > start + length) {
        start = offset
        length = (await file.read(block, 0, BLOCK_BYTES, offset)).bytesRead
      }
      return block.subarray(offset - start, Math.max(offset, Math.min(end, start + length)) - start)
    },
  }
}
