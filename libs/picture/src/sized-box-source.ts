import { open, type FileHandle } from 'node:fs/promises'
import { CustomSource } from 'mediabunny'

/**
 * Reads a file whose last box has the size 0, "to the end of the file" (ISO/IEC 14496-12, 4.2), as if its size were
 * written out: mediabunny stops at such a box, and an index there would be missed.
 */
export function sizedBoxSource(path: string, boxAt: number): CustomSource {
  let file: FileHandle | undefined
  const sizeField = Buffer.alloc(4)
  return new CustomSource({
    async getSize() {
      file ??= await open(path, 'r')
      const { size } = await file.stat()
      const boxBytes = size - boxAt
      // A box that needs a longer field is media data, and their size is not needed.
      if (boxBytes <= 0xffffffff) sizeField.writeUInt32BE(boxBytes)
      return size
    },
    async read(start, end) {
      const { buffer, bytesRead } = await file!.read(Buffer.alloc(end - start), 0, end - start, start)
      for (let at = Math.max(start, boxAt); at < Math.min(end, boxAt + 4); at++)
        buffer[at - start] = sizeField[at - boxAt]!
      return buffer.subarray(0, bytesRead)
    },
    dispose: () => void file?.close(),
    prefetchProfile: 'fileSystem',
  })
}
