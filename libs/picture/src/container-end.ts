import { open } from 'node:fs/promises'
import { NotMediaError } from '@mediakeep/content'
import { createBlockReader, type BlockReader } from './block-reader.ts'

const EBML = 0x1a45dfa3
const SEGMENT = 0x18538067
/** Ten hours in one-second fragments have 72,000 boxes. A reader visits each, so more would only cost time. */
const MAX_PARTS = 200_000
const PARTS_BETWEEN_SIGNALS = 4096

export interface ContainerEnd {
  /** The last part claims to extend beyond the end of the file. */
  readonly isCut: boolean
  /** Offset of a last box whose size is 0: it extends to the end of the file. */
  readonly openBoxAt?: number
}

/**
 * Walks through the top-level parts of a file: the boxes of MP4 and QuickTime (ISO/IEC 14496-12), the elements of WebM
 * and Matroska (RFC 8794). The work is bounded: headers are read in blocks, and their number is limited.
 *
 * @throws NotMediaError `too_many_parts`
 */
export async function containerEnd(path: string, signal?: AbortSignal): Promise<ContainerEnd> {
  await using file = await open(path, 'r')
  const reader = createBlockReader(file, (await file.stat()).size)
  const isMatroska = (await reader.read(0, 4)).equals(Buffer.from('1a45dfa3', 'hex'))
  if (isMatroska) return { isCut: (await endOfElements(reader, signal)) > reader.size }
  return await endOfBoxes(reader, signal)
}

async function endOfBoxes(reader: BlockReader, signal?: AbortSignal): Promise<ContainerEnd> {
  let offset = 0
  for (let count = 0; offset < reader.size; count += 1) {
    assertBounded(count, signal)
    const header = await reader.read(offset, 16)
    // Padding and maker notes after the last box are common.
    if (header.length < 8 || !/^[\w ©-]{4}$/.test(header.toString('latin1', 4, 8))) return { isCut: false }
    let size = header.readUInt32BE(0)
    if (size === 0) return { isCut: false, openBoxAt: offset }
    if (size === 1) size = header.length === 16 ? Number(header.readBigUInt64BE(8)) : 16
    offset += Math.max(size, 8)
  }
  return { isCut: offset > reader.size }
}

/** The header, then the segment, which contains everything else. A streamed segment has an unknown length. */
async function endOfElements(reader: BlockReader, signal?: AbortSignal): Promise<number> {
  let offset = 0
  for (let count = 0; offset < reader.size; count += 1) {
    assertBounded(count, signal)
    const header = await reader.read(offset, 12)
    const idWidth = widthOf(header[0] ?? 0)
    const { value, width, isUnknown } = readLength(header.subarray(idWidth))
    if (idWidth > 4 || width > 8 || isUnknown) return reader.size
    const start = offset + idWidth + width
    const id = header.readUIntBE(0, idWidth)
    offset = id === SEGMENT || (id === EBML && offset > 0) ? start : start + value
  }
  return offset
}

function assertBounded(count: number, signal: AbortSignal | undefined): void {
  if (count % PARTS_BETWEEN_SIGNALS === 0) signal?.throwIfAborted()
  if (count > MAX_PARTS) {
    throw new NotMediaError('too_many_parts', `The file has more than ${MAX_PARTS} parts at its top level`)
  }
}

/** The number of leading zero bits is the number of bytes that follow. */
function widthOf(first: number): number {
  return Math.clz32(first) - 23
}

function readLength(bytes: Buffer): { value: number; width: number; isUnknown: boolean } {
  const width = widthOf(bytes[0] ?? 0)
  let value = (bytes[0] ?? 0) & (0xff >> width)
  for (let index = 1; index < width; index += 1) value = value * 256 + (bytes[index] ?? 0)
  // All ones mean that the length is unknown.
  return { value, width, isUnknown: value >= 2 ** (7 * width) - 1 }
}
