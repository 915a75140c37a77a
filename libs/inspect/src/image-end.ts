/**
 * The end of an image's structure. It only shows what follows the image and how to interpret a decoder's error; the
 * decoder decides whether to accept the image. `whole`: its end mark was found. `no_mark`: the bytes end
 * between two blocks, or the next bytes are not a block. `cut`: they end within a block.
 */
export interface ImageEnd {
  readonly state: 'whole' | 'no_mark' | 'cut'
  /** Offset after the last byte of the image. */
  readonly end: number
}

type FindEnd = (bytes: Buffer) => ImageEnd

export const IMAGE_ENDS: Readonly<Record<string, FindEnd>> = {
  'image/jpeg': endOfJpeg,
  'image/png': endOfPng,
  'image/gif': endOfGif,
  'image/webp': endOfWebp,
  'image/avif': endOfBoxes,
  'image/heic': endOfBoxes,
  'image/heif': endOfBoxes,
}

const JPEG_SCAN = 0xda
const JPEG_END = 0xd9

/** JPEG markers (ITU-T T.81 B.1.1): segments with a length, then scans, in which 0xff is followed by 0 or a restart. */
export function endOfJpeg(bytes: Buffer): ImageEnd {
  let offset = 2
  // Without an end mark, everything from the last scan on may be a trailer.
  let scan = bytes.length
  for (;;) {
    offset = bytes.indexOf(0xff, offset)
    if (offset === -1 || offset + 1 >= bytes.length) return { state: 'no_mark', end: scan }
    const marker = bytes.readUInt8(offset + 1)
    if (marker === JPEG_END) return { state: 'whole', end: offset + 2 }
    if (marker === 0xff) offset += 1
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) offset += 2
    else {
      const next = offset + 4 > bytes.length ? Infinity : offset + 2 + bytes.readUInt16BE(offset + 2)
      if (next >= bytes.length) return { state: scan < bytes.length ? 'no_mark' : 'cut', end: scan }
      offset = next
      if (marker === JPEG_SCAN) scan = offset
    }
  }
}

/** Chunks of length, type, data and checksum, up to IEND. */
function endOfPng(bytes: Buffer): ImageEnd {
  let offset = 8
  while (offset + 8 <= bytes.length) {
    const type = bytes.toString('latin1', offset + 4, offset + 8)
    if (type === 'IEND') {
      const end = offset + 12
      return end <= bytes.length ? { state: 'whole', end } : { state: 'no_mark', end: bytes.length }
    }
    if (!/^[A-Za-z]{4}$/.test(type)) return { state: 'no_mark', end: offset }
    const next = offset + 12 + bytes.readUInt32BE(offset)
    if (next > bytes.length) return { state: 'cut', end: offset }
    offset = next
  }
  return { state: 'no_mark', end: offset }
}

/** Blocks of GIF89a: images (0x2c) and extensions (0x21), each with sub-blocks, up to the trailer (0x3b). */
function endOfGif(bytes: Buffer): ImageEnd {
  if (bytes.length < 13) return { state: 'cut', end: bytes.length }
  let offset = 13 + colorTable(bytes.readUInt8(10))
  while (offset < bytes.length) {
    const introducer = bytes.readUInt8(offset)
    if (introducer === 0x3b) return { state: 'whole', end: offset + 1 }
    if (introducer === 0) {
      // Some writers add padding between blocks.
      offset += 1
      continue
    }
    if (introducer === 0x21) offset += 2
    else if (introducer === 0x2c && offset + 10 < bytes.length) {
      offset += 11 + colorTable(bytes.readUInt8(offset + 9))
    } else if (introducer === 0x2c) return { state: 'cut', end: bytes.length }
    // Decoders stop at bytes that are not a block.
    else return { state: 'no_mark', end: offset }
    const { next, isCut } = skipSubBlocks(bytes, offset)
    // A truncated comment loses no pixels.
    if (isCut) return { state: introducer === 0x21 ? 'no_mark' : 'cut', end: bytes.length }
    offset = next
  }
  return { state: offset === bytes.length ? 'no_mark' : 'cut', end: bytes.length }
}

function skipSubBlocks(bytes: Buffer, start: number): { next: number; isCut: boolean } {
  let [offset, last] = [start, 255]
  for (let size = bytes[offset]; size !== 0; size = bytes[offset]) {
    // Writers fill all sub-blocks of an image but the last: after a short one only the terminator is missing.
    if (size === undefined) return { next: offset, isCut: offset > bytes.length || last === 255 }
    last = size
    offset += 1 + size
  }
  return { next: offset + 1, isCut: false }
}

function colorTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

/** RIFF contains its own length; an odd length may or may not be padded. */
function endOfWebp(bytes: Buffer): ImageEnd {
  const end = bytes.length < 8 ? Infinity : 8 + bytes.readUInt32LE(4)
  if (end > bytes.length) return { state: 'cut', end: bytes.length }
  return { state: 'whole', end: end + (end % 2 === 1 && end < bytes.length ? 1 : 0) }
}

/** Boxes of ISO/IEC 14496-12: size and type. Size 1 means that a 64-bit size follows, size 0 means the rest. */
export function endOfBoxes(bytes: Buffer): ImageEnd {
  let offset = 0
  while (offset + 8 <= bytes.length && /^[\w ]{4}$/.test(bytes.toString('latin1', offset + 4, offset + 8))) {
    let size = bytes.readUInt32BE(offset)
    if (size === 0) return { state: 'whole', end: bytes.length }
    if (size === 1) size = offset + 16 <= bytes.length ? Number(bytes.readBigUInt64BE(offset + 8)) : 0
    // If the decoder misses nothing, this is no box of the image, so what follows is judged from here.
    if (size < 8 || offset + size > bytes.length) return { state: 'cut', end: offset }
    offset += size
  }
  return { state: 'whole', end: offset }
}
