import { open } from 'node:fs/promises'
import { NotMediaError, type Inspector } from '@mediakeep/content'

/** Reads a PNG's head. */
export const testInspector: Inspector = {
  async inspect(path) {
    const file = await open(path)
    try {
      const { buffer } = await file.read(Buffer.alloc(24), 0, 24, 0)
      if (buffer.toString('latin1', 1, 4) !== 'PNG') throw new NotMediaError('html', 'Not a PNG')
      return {
        mediaType: 'image',
        mimeType: 'image/png',
        extension: 'png',
        width: buffer.readUInt32BE(16),
        height: buffer.readUInt32BE(20),
      }
    } finally {
      await file.close()
    }
  },
}
