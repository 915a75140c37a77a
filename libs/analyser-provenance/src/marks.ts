import { open } from 'node:fs/promises'

const BLOCK_BYTES = 1024 * 1024

/**
 * Returns true if the file contains these bytes anywhere. Reads it once, in blocks, and stops at the first match: a file
 * without credentials costs no more than reading it.
 */
export async function containsBytes(path: string, wanted: Buffer): Promise<boolean> {
  await using file = await open(path, 'r')
  const overlap = wanted.length - 1
  const block = Buffer.alloc(BLOCK_BYTES + overlap)
  let kept = 0
  for (;;) {
    const { bytesRead } = await file.read(block, kept, BLOCK_BYTES)
    if (bytesRead === 0) return false
    const filled = kept + bytesRead
    if (block.subarray(0, filled).includes(wanted)) return true
    kept = Math.min(overlap, filled)
    block.copy(block, 0, filled - kept, filled)
  }
}
