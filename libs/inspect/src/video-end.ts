import { open, type FileHandle } from 'node:fs/promises'

const EBML = 0x1a45dfa3
const SEGMENT = 0x18538067

/**
 * Whether a video ends before its own structure does: the boxes of MP4 and QuickTime (ISO/IEC 14496-12), the
 * segment of WebM and Matroska (RFC 8794). One that was streamed does not say its length, and passes.
 */
export async function isCutOff(path: string): Promise<boolean> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const head = await readAt(file, 0, 4)
  const isMatroska = head.length === 4 && head.readUInt32BE(0) === EBML
  return (isMatroska ? await endOfSegment(file) : await endOfBoxes(file, size)) > size
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
  return buffer.subarray(0, bytesRead)
}

async function endOfBoxes(file: FileHandle, fileSize: number): Promise<number> {
  let offset = 0
  while (offset < fileSize) {
    const header = await readAt(file, offset, 16)
    if (header.length < 8) return header.every((byte) => byte === 0) ? fileSize : offset + 8
    // Padding behind the last box is common.
    if (!/^[\w ©-]{4}$/.test(header.toString('latin1', 4, 8))) return fileSize
    let size = header.readUInt32BE(0)
    if (size === 0) return fileSize
    if (size === 1) size = header.length === 16 ? Number(header.readBigUInt64BE(8)) : 16
    offset += Math.max(size, 8)
  }
  return offset
}

/** The header, then the segment that holds everything else. An unknown length is all ones. */
async function endOfSegment(file: FileHandle): Promise<number> {
  const header = await readAt(file, 4, 8)
  const { value: headerSize, width } = readLength(header)
  const start = 4 + width + headerSize
  const segment = await readAt(file, start, 12)
  if (segment.length < 5 || segment.readUInt32BE(0) !== SEGMENT) return 0
  const length = readLength(segment.subarray(4))
  const unknown = 2 ** (7 * length.width) - 1
  return length.value >= unknown ? 0 : start + 4 + length.width + length.value
}

/** The number of leading zero bits tells how many bytes follow. */
function readLength(bytes: Buffer): { value: number; width: number } {
  const first = bytes[0] ?? 0
  const width = Math.clz32(first) - 23
  let value = first & (0xff >> width)
  for (let index = 1; index < width; index += 1) value = value * 256 + (bytes[index] ?? 0)
  return { value, width }
}
