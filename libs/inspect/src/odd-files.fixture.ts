import { randomFillSync } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { PDFDocument } from 'pdf-lib'
import sharp, { type Sharp } from 'sharp'
import { makeRealVideo } from './real-video.fixture.ts'

/** An unusual file that viewers show nevertheless. */
export interface OddFile {
  readonly name: string
  readonly mimeType: string
  readonly bytes: Buffer
}

type Variants = Readonly<Record<string, (bytes: Buffer) => Buffer>>

const nuls = (count: number): Buffer => Buffer.alloc(count)
const random = (count: number): Buffer => randomFillSync(Buffer.alloc(count))
const join = (...parts: (Uint8Array | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
const insert = (bytes: Buffer, at: number, ...parts: (Uint8Array | string)[]): Buffer =>
  join(bytes.subarray(0, at), ...parts, bytes.subarray(at))

function segment(marker: number, data: Buffer | string): Buffer {
  const header = Buffer.of(0xff, marker, 0, 0)
  header.writeUInt16BE(2 + data.length, 2)
  return join(header, data)
}

function chunk(type: string, data: Buffer | string, sum?: number): Buffer {
  const body = join(type, data)
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(data.length)
  check.writeUInt32BE(sum ?? crc32(body))
  return join(size, body, check)
}

function box(type: string, data: Uint8Array | string = ''): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(8 + data.length)
  return join(size, type, data)
}

/** Appends a video whose bytes look random, as phones do. */
export function motionPhoto(bytes: Buffer, videoBytes: number): Buffer {
  return join(bytes, box('ftyp', 'mp42\0\0\0\0mp42isom'), box('mdat', random(videoBytes)))
}

const ENDINGS: Variants = {
  'as it is': (bytes) => bytes,
  'a NUL behind': (bytes) => join(bytes, nuls(1)),
  'NULs behind': (bytes) => join(bytes, nuls(5000)),
  'a line end behind': (bytes) => join(bytes, '\r\n'),
  'noise behind': (bytes) => join(bytes, random(20_000)),
}

const JPEG: Variants = {
  ...ENDINGS,
  'no end mark': (bytes) => bytes.subarray(0, -2),
  'half an end mark': (bytes) => bytes.subarray(0, -1),
  'no end mark, NULs': (bytes) => join(bytes.subarray(0, -2), nuls(64)),
  'two end marks': (bytes) => join(bytes, Buffer.of(0xff, 0xd9)),
  'fill bytes before the end mark': (bytes) => insert(bytes, bytes.length - 2, Buffer.of(0xff, 0xff)),
  'another picture behind': (bytes) => join(bytes, bytes),
  'motion photo': (bytes) => motionPhoto(bytes, 50_000),
  'Samsung trailer': (bytes) => join(bytes, random(3000), 'SEFH', nuls(20), '\x18\0\0\0SEFT'),
  'Samsung trailer, no end mark': (bytes) => join(bytes.subarray(0, -2), nuls(3000), 'SEFT'),
  'a page in a comment': (bytes) => insert(bytes, 2, segment(0xfe, '<html><script>alert(1)</script></html>')),
  'an empty segment': (bytes) => insert(bytes, 2, segment(0xed, '')),
  'a long segment': (bytes) => insert(bytes, 2, segment(0xee, random(65_000))),
  'fill bytes between segments': (bytes) =>
    insert(bytes, 2, Buffer.of(0xff, 0xff), segment(0xfe, 'x').subarray(1)),
  'broken EXIF': (bytes) => insert(bytes, 2, segment(0xe1, join('Exif\0\0', random(100)))),
}

const IHDR_END = 33
const PNG: Variants = {
  ...ENDINGS,
  'no end mark': (bytes) => bytes.subarray(0, -12),
  'an end mark without its sum': (bytes) => bytes.subarray(0, -4),
  'an end mark with a wrong sum': (bytes) => join(bytes.subarray(0, -4), nuls(4)),
  'text with a wrong sum': (bytes) => insert(bytes, IHDR_END, chunk('tEXt', 'Title\0x', 7)),
  'a page in a text': (bytes) => insert(bytes, IHDR_END, chunk('tEXt', 'Title\0<html><body>')),
  'an unknown chunk': (bytes) => insert(bytes, IHDR_END, chunk('maKE', random(300))),
  'another picture behind': (bytes) => join(bytes, bytes),
}

const GIF: Variants = {
  ...ENDINGS,
  'no end mark': (bytes) => bytes.subarray(0, -1),
  'no terminator and no end mark': (bytes) => bytes.subarray(0, -2),
  'a NUL between blocks': (bytes) => insert(bytes, bytes.length - 1, nuls(1)),
  'NULs between blocks': (bytes) => insert(bytes, bytes.length - 1, nuls(9)),
  'a comment': (bytes) => insert(bytes, bytes.length - 1, Buffer.of(0x21, 0xfe, 3), 'abc', nuls(1)),
  'a cut comment': (bytes) => join(bytes.subarray(0, -1), Buffer.of(0x21, 0xfe, 9), 'abc'),
  'another picture behind': (bytes) => join(bytes, bytes),
}

function withRiffSize(bytes: Buffer, change: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(copy.readUInt32LE(4) + change, 4)
  return copy
}

const WEBP: Variants = {
  ...ENDINGS,
  'an unknown chunk': (bytes) => withRiffSize(join(bytes, 'JUNK\x04\0\0\0abcd'), 12),
  'a size without a chunk that follows': (bytes) => join(bytes, 'JUNK\x04\0\0\0abcd'),
}

const BOXES: Variants = {
  ...ENDINGS,
  'free space behind': (bytes) => join(bytes, box('free', nuls(100))),
  'a maker’s box behind': (bytes) => join(bytes, box('uuid', random(500))),
  'many free boxes behind': (bytes) => join(bytes, ...Array.from({ length: 2000 }, () => box('free'))),
  'free space that is cut': (bytes) => join(bytes, box('free', nuls(100)).subarray(0, 50)),
  'a last box up to the end': (bytes) => withLastBox(bytes, (body, type) => join(nuls(4), type, body)),
}

const VIDEO_BOXES: Variants = {
  ...BOXES,
  // Moves the frames behind it: shown where the last box is the index, or where fragments count from themselves.
  'a last box with a long size': (bytes) => withLastBox(bytes, longBox),
}

/** Replaces the last box of a file by another form of it. */
function withLastBox(bytes: Buffer, change: (body: Buffer, type: Buffer) => Buffer): Buffer {
  let last = 0
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) last = at
  return join(bytes.subarray(0, last), change(bytes.subarray(last + 8), bytes.subarray(last + 4, last + 8)))
}

/** A box with its size in 64 bits (ISO/IEC 14496-12, 4.2). */
function longBox(body: Buffer, type: Buffer): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(16 + body.length))
  return join(Buffer.of(0, 0, 0, 1), type, size, body)
}

/** An EBML element of zeros that players skip (RFC 8794, 11.3.2). */
const ebmlVoid = (count: number): Buffer => join(Buffer.of(0xec, 0x80 | count), nuls(count))

const WEBM: Variants = {
  ...ENDINGS,
  'a void element behind': (bytes) => join(bytes, ebmlVoid(100)),
  'void elements behind': (bytes) => join(bytes, ...Array.from({ length: 500 }, () => ebmlVoid(20))),
  'a void element that is cut': (bytes) => join(bytes, ebmlVoid(100).subarray(0, 40)),
  // As live recordings have it.
  'a segment of unknown size': (bytes) => {
    const copy = Buffer.from(bytes)
    const at = copy.indexOf(Buffer.of(0x18, 0x53, 0x80, 0x67)) + 4
    const length = Math.clz32(copy[at]!) - 23
    copy.fill(0xff, at, at + length)
    copy[at] = 0xff >> (length - 1)
    return copy
  },
}

const PDF: Variants = {
  ...ENDINGS,
  'a line end before': (bytes) => join('\n', bytes),
  'a byte order mark before': (bytes) => join('\xef\xbb\xbf', bytes),
  'noise before': (bytes) =>
    join(
      '\x01',
      random(700).map((byte) => byte | 0x80),
      bytes,
    ),
  'no end mark': (bytes) => bytes.subarray(0, bytes.lastIndexOf('%%EOF')),
  'half an end mark': (bytes) => bytes.subarray(0, bytes.lastIndexOf('%%EOF') + 3),
  'no cross-references': (bytes) => bytes.subarray(0, bytes.lastIndexOf('endobj') + 6),
  'NULs after no end mark': (bytes) => join(bytes.subarray(0, bytes.lastIndexOf('%%EOF')), nuls(2000)),
  'two end marks': (bytes) => join(bytes, '\n%%EOF\n'),
}

function scene(width = 96, height = 64): Sharp {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 }
  return sharp({ create: { width, height, channels: 3, background: '#888', noise } })
}

async function animation(): Promise<Sharp> {
  const frames = await Promise.all([1, 2, 3].map(() => scene().png().toBuffer()))
  return sharp(frames, { join: { animated: true } })
}

async function makePdf(useObjectStreams: boolean): Promise<Buffer> {
  const document = await PDFDocument.create()
  document.addPage([200, 300]).drawText('A page')
  return Buffer.from(await document.save({ useObjectStreams }))
}

const BASES: readonly [string, string, Variants, () => Promise<Buffer>][] = [
  ['baseline', 'image/jpeg', JPEG, () => scene().jpeg().toBuffer()],
  ['progressive', 'image/jpeg', JPEG, () => scene().jpeg({ progressive: true }).toBuffer()],
  ['grey', 'image/jpeg', JPEG, () => scene().greyscale().jpeg().toBuffer()],
  ['turned', 'image/jpeg', JPEG, () => scene().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ['colours', 'image/png', PNG, () => scene().png().toBuffer()],
  ['palette', 'image/png', PNG, () => scene().png({ palette: true }).toBuffer()],
  ['transparent', 'image/png', PNG, () => scene().ensureAlpha(0.5).png().toBuffer()],
  ['interlaced', 'image/png', PNG, () => scene().png({ progressive: true }).toBuffer()],
  ['still', 'image/gif', GIF, () => scene().gif({ effort: 1 }).toBuffer()],
  ['animated', 'image/gif', GIF, async () => (await animation()).gif({ effort: 1 }).toBuffer()],
  ['lossy', 'image/webp', WEBP, () => scene().webp().toBuffer()],
  ['lossless', 'image/webp', WEBP, () => scene().webp({ lossless: true }).toBuffer()],
  ['animated', 'image/webp', WEBP, async () => (await animation()).webp().toBuffer()],
  ['still', 'image/avif', BOXES, () => scene().avif({ effort: 0 }).toBuffer()],
  ['index last', 'video/mp4', VIDEO_BOXES, () => makeRealVideo('index last')],
  ['index first', 'video/mp4', VIDEO_BOXES, () => makeRealVideo('index first')],
  ['in fragments', 'video/mp4', VIDEO_BOXES, () => makeRealVideo('in fragments')],
  ['index first', 'video/quicktime', VIDEO_BOXES, () => makeRealVideo('quicktime')],
  ['plain', 'video/webm', WEBM, () => makeRealVideo('webm')],
  ['object streams', 'application/pdf', PDF, () => makePdf(true)],
  ['plain', 'application/pdf', PDF, () => makePdf(false)],
]

export async function makeOddFiles(): Promise<OddFile[]> {
  const made = await Promise.all(
    BASES.map(async ([base, mimeType, variants, make]) => {
      const bytes = await make()
      return Object.entries(variants).map(([name, change]) => ({
        name: `${mimeType}, ${base}: ${name}`,
        mimeType,
        bytes: change(bytes),
      }))
    }),
  )
  return made.flat()
}
