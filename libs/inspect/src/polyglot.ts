import { endOfBoxes, endOfJpeg } from './image-end.ts'

/** A zip's directory is found from the end of the file; its comment can be up to 65,535 bytes long (APPNOTE 4.3.16). */
export const ZIP_TAIL_BYTES = 22 + 65_535
/** This many bytes, from the start of a match, are checked for being text. */
const TEXT_BYTES = 64

/**
 * Detects another file type in the bytes after the end of a media file. Only structures that a parser of that type
 * would accept count: a few megabytes of video contain any short byte string by chance.
 *
 * @returns `html`, `program` …; undefined for harmless bytes
 */
export function foreignTail(tail: Buffer): string | undefined {
  const rest = tail.subarray(knownTrailer(tail))
  if (rest.length === 0) return undefined
  return markupIn(rest) ?? programAt(rest) ?? archiveIn(rest)
}

/** Trailers written by cameras: more pictures (MPF), a video (motion photo). @returns their length in bytes */
function knownTrailer(tail: Buffer): number {
  let offset = 0
  for (let count = 0; count < 16; count += 1) {
    const padding = skipPadding(tail, offset)
    const rest = tail.subarray(padding)
    if (isJpeg(rest)) {
      const { state, end } = endOfJpeg(rest)
      if (state !== 'whole') return offset
      offset = padding + end
    } else if (rest.toString('latin1', 4, 8) === 'ftyp') {
      offset = padding + endOfBoxes(rest).end
    } else return offset
  }
  return offset
}

function isJpeg(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt8(2) === 0xff
}

function skipPadding(bytes: Buffer, from: number): number {
  let offset = from
  while (bytes[offset] === 0) offset += 1
  return offset
}

const MARKUP = /<(?:!doctype|html|script|svg|body|iframe|\?php)\b/gi

/** Finds markup where a browser or interpreter would see text: text from its tag on, not a chance match in noise. */
function markupIn(bytes: Buffer): 'html' | undefined {
  // Latin-1 maps each byte to one character.
  for (const { index } of bytes.toString('latin1').matchAll(MARKUP)) {
    if (isText(bytes.subarray(index, index + TEXT_BYTES))) return 'html'
  }
  return undefined
}

/** ASCII or UTF-8 without control characters. */
function isText(bytes: Buffer): boolean {
  // The last character may be cut off.
  const text = new TextDecoder().decode(bytes).replace(/\ufffd$/, '')
  // eslint-disable-next-line no-control-regex
  return !/[\0-\x08\x0e-\x1f\x7f\ufffd]/.test(text)
}

function programAt(bytes: Buffer): 'program' | 'pdf' | 'javascript' | undefined {
  const start = bytes.toString('latin1', 0, 256)
  if (/^#!\s*\/[\x20-\x7e]+[\r\n]/.test(start)) return 'program'
  if (start.startsWith('\x7fELF') && bytes[6] === 1) return 'program'
  if (start.startsWith('MZ') && bytes.length >= 64) {
    const header = bytes.readUInt32LE(60)
    if (bytes.toString('latin1', header, header + 4) === 'PE\0\0') return 'program'
  }
  if (/^\s*%PDF-\d\.\d/.test(start) && bytes.includes('startxref')) return 'pdf'
  return /^\s*\*\/\s*[=;(]/.test(start) && isText(bytes.subarray(0, TEXT_BYTES)) ? 'javascript' : undefined
}

function archiveIn(bytes: Buffer): 'rar' | '7z' | undefined {
  if (bytes.includes('Rar!\x1a\x07', 0, 'latin1')) return 'rar'
  return bytes.includes('7z\xbc\xaf\x27\x1c', 0, 'latin1') ? '7z' : undefined
}

/** Reads four bytes, little endian; negative offsets read a directory that precedes the available bytes. */
type ReadBefore = (offset: number) => number

/**
 * Returns true if a zip reader would open the file: the end record is in its last 64 KiB, and its directory is at the
 * stated position, counted back from the end record.
 */
export function hasZip(tail: Buffer, readBefore: ReadBefore = () => 0): boolean {
  const first = Math.max(0, tail.length - ZIP_TAIL_BYTES)
  for (let at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= first;) {
    if (isZipEnd(tail, at, readBefore)) return true
    if (at === 0) return false
    at = tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1')
  }
  return false
}

function isZipEnd(tail: Buffer, at: number, readBefore: ReadBefore): boolean {
  if (at + 22 > tail.length) return false
  const [entries, size, comment] = [
    tail.readUInt16LE(at + 10),
    tail.readUInt32LE(at + 12),
    tail.readUInt16LE(at + 20),
  ]
  if (at + 22 + comment > tail.length) return false
  // A zip64 archive stores its sizes in another record, preceded by a locator.
  if (size === 0xffffffff || entries === 0xffff) return at >= 20 && tail.readUInt32LE(at - 20) === 0x07064b50
  if (entries === 0 || size < 46) return false
  const directory = at - size
  return (directory >= 0 ? tail.readUInt32LE(directory) : readBefore(directory)) === 0x02014b50
}

/** Images whose header can also start a comment: `GIF89a/*`, and the length of a JPEG's first segment. */
export function isScriptHeader(bytes: Buffer, mimeType: string): boolean {
  const at = mimeType === 'image/gif' ? 6 : mimeType === 'image/jpeg' ? 4 : mimeType === 'image/bmp' ? 2 : -1
  if (at < 0 || bytes.toString('latin1', at, at + 2) !== '/*') return false
  return /\*\/\s*[=;(]/.test(bytes.toString('latin1'))
}
