/**
 * Where an image ends by its own structure: the offset behind its last byte. What stands behind is not part of it;
 * an image whose structure ends nowhere was `cut`, one that does not keep to its structure is `broken`.
 */
type FindEnd = (bytes: Buffer) => number | 'cut' | 'broken'

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

/** Markers of JPEG (ITU-T T.81 B.1.1): segments with a length, then scans, whose 0xff are followed by 0 or a restart. */
function endOfJpeg(bytes: Buffer): ReturnType<FindEnd> {
  let offset = 2
  for (;;) {
    offset = bytes.indexOf(0xff, offset)
    if (offset === -1 || offset + 1 >= bytes.length) return 'cut'
    const marker = bytes.readUInt8(offset + 1)
    if (marker === JPEG_END) return offset + 2
    if (marker === 0xff) offset += 1
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) offset += 2
    else if (offset + 4 > bytes.length) return 'cut'
    else offset += 2 + bytes.readUInt16BE(offset + 2)
    if (marker === JPEG_SCAN && offset >= bytes.length) return 'cut'
  }
}

/** Chunks of length, type, data and checksum, up to IEND. */
function endOfPng(bytes: Buffer): ReturnType<FindEnd> {
  let offset = 8
  while (offset + 12 <= bytes.length) {
    const type = bytes.toString('latin1', offset + 4, offset + 8)
    offset += 12 + bytes.readUInt32BE(offset)
    if (type === 'IEND') return offset <= bytes.length ? offset : 'cut'
  }
  return 'cut'
}

/** Blocks of GIF89a: images (0x2c) and extensions (0x21), each with sub-blocks, up to the trailer (0x3b). */
function endOfGif(bytes: Buffer): ReturnType<FindEnd> {
  if (bytes.length < 13) return 'cut'
  let offset = 13 + colorTable(bytes.readUInt8(10))
  while (offset < bytes.length) {
    const introducer = bytes.readUInt8(offset)
    if (introducer === 0x3b) return offset + 1
    if (introducer === 0x21) offset += 2
    else if (introducer === 0x2c && offset + 10 < bytes.length) {
      offset += 11 + colorTable(bytes.readUInt8(offset + 9))
    } else return 'broken'
    for (let size = bytes[offset]; size !== 0; size = bytes[offset]) {
      if (size === undefined) return 'cut'
      offset += 1 + size
    }
    offset += 1
  }
  return 'cut'
}

function colorTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

/** RIFF says its own length; an odd one may be padded or not. */
function endOfWebp(bytes: Buffer): ReturnType<FindEnd> {
  const end = 8 + bytes.readUInt32LE(4)
  if (end > bytes.length) return 'cut'
  return end + (end % 2 === 1 && end < bytes.length ? 1 : 0)
}

/** Boxes of ISO/IEC 14496-12: size and type; a size of 1 is followed by 64 bits, of 0 it means the rest. */
function endOfBoxes(bytes: Buffer): ReturnType<FindEnd> {
  let offset = 0
  while (offset + 8 <= bytes.length && /^[\w ]{4}$/.test(bytes.toString('latin1', offset + 4, offset + 8))) {
    let size = bytes.readUInt32BE(offset)
    if (size === 0) return bytes.length
    if (size === 1) size = offset + 16 <= bytes.length ? Number(bytes.readBigUInt64BE(offset + 8)) : 0
    if (size < 8 || offset + size > bytes.length) return 'cut'
    offset += size
  }
  return offset
}
