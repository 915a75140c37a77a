import sharp, { type Metadata } from 'sharp'
import { InspectionFailedError, NotMediaError, type Finding } from '@mediakeep/content'
import { IMAGE_ENDS, type ImageEnd } from './image-end.ts'
import { assertNoPolyglot } from './image-polyglot.ts'
import type { Sniffed } from './media-kinds.ts'

export interface ImageLimits {
  /** Width times height. */
  readonly maxPixels: number
  /** Time limit for decoding. */
  readonly timeoutMs: number
}

export interface ImageFacts {
  readonly width: number
  readonly height: number
  readonly findings?: readonly Finding[]
}

/**
 * The decoder decides. The structure explains its errors, and shows what follows the image.
 * @throws NotMediaError `truncated`, `polyglot`, `pixel_bomb` or `undecodable`; InspectionFailedError `timeout`
 */
export async function inspectImage(bytes: Buffer, type: Sniffed, limits: ImageLimits): Promise<ImageFacts> {
  const end = IMAGE_ENDS[type.mimeType]?.(bytes) ?? { state: 'whole', end: bytes.length }
  const metadata = await readMetadata(bytes, end)
  const { width, height } = metadata.autoOrient
  if (width * height > limits.maxPixels) {
    throw new NotMediaError('pixel_bomb', `${width} x ${height} pixels are more than ${limits.maxPixels}`)
  }
  // sharp has no codec for HEIC, which is patented, so only the structure is checked.
  if (type.check === 'heif') {
    if (end.state === 'cut') throw cutOff()
  } else await decode(bytes, type, end, metadata, limits)
  assertNoPolyglot(bytes, type.mimeType, end.end)
  const findings = findingsOf(bytes, type, end)
  return { width, height, ...(findings.length > 0 && { findings }) }
}

function findingsOf(bytes: Buffer, type: Sniffed, { state, end }: ImageEnd): Finding[] {
  const findings: Finding[] = type.check === 'heif' ? ['not_decoded'] : []
  if (state === 'no_mark') findings.push('missing_end_mark')
  if (state === 'cut') findings.push('wrong_size_field')
  if (state === 'whole' && end < bytes.length) findings.push('trailing_data')
  return findings
}

async function readMetadata(bytes: Buffer, end: ImageEnd): Promise<Metadata> {
  try {
    return await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata()
  } catch (cause) {
    if (end.state === 'cut') throw cutOff(cause)
    throw new NotMediaError('undecodable', 'The image cannot be read', { cause })
  }
}

async function decode(
  bytes: Buffer,
  type: Sniffed,
  end: ImageEnd,
  metadata: Metadata,
  limits: ImageLimits,
): Promise<void> {
  // The GIF decoder silently fills missing parts of a frame.
  if (type.mimeType === 'image/gif' && end.state === 'cut') throw cutOff()
  try {
    await decodeAll(bytes, metadata, limits, 'error')
  } catch (cause) {
    const error = failure(cause)
    if (error instanceof InspectionFailedError) throw error
    if (type.mimeType === 'image/jpeg' && end.state === 'no_mark') {
      if (await decodesWithEnd(bytes, limits)) return
      throw cutOff(cause)
    }
    // Its decoder reports padding between blocks as an error, but still shows the frames.
    if (type.mimeType === 'image/gif') {
      await decodeLeniently(bytes, metadata, limits)
      return
    }
    throw end.state === 'cut' ? cutOff(cause) : error
  }
}

async function decodeLeniently(bytes: Buffer, metadata: Metadata, limits: ImageLimits): Promise<void> {
  try {
    await decodeAll(bytes, metadata, limits, 'none')
  } catch (cause) {
    throw failure(cause)
  }
}

/** A JPEG with complete scans decodes without errors once the missing end mark is added. */
async function decodesWithEnd(bytes: Buffer, limits: ImageLimits): Promise<boolean> {
  const [first, second] = endsOfScans(bytes)
  return (
    (await decodesTo(bytes, first, limits)) ||
    (second !== undefined && (await decodesTo(bytes, second, limits)))
  )
}

async function decodesTo(bytes: Buffer, end: number, limits: ImageLimits): Promise<boolean> {
  try {
    const scans = bytes.subarray(0, end)
    // Decode all rows: a shrinking decoder skips the last ones, where the damage would be.
    await sharp(Buffer.concat([scans, Buffer.of(0xff, 0xd9)]), {
      failOn: 'warning',
      limitInputPixels: limits.maxPixels,
      sequentialRead: true,
    })
      .greyscale()
      .timeout({ seconds: Math.max(1, Math.round(limits.timeoutMs / 1000)) })
      .raw()
      .toBuffer()
    return true
  } catch (cause) {
    const error = failure(cause)
    if (error instanceof InspectionFailedError) throw error
    return false
  }
}

/**
 * Excludes the padding, or the mark of a Samsung trailer, after the scans. The first NUL may belong to them: 0xff in a
 * scan is followed by one.
 */
function endsOfScans(bytes: Buffer): [first: number, second?: number] {
  const isSamsung = bytes.toString('latin1', bytes.length - 4) === 'SEFT'
  const limit = bytes.length - (isSamsung ? 4 : 0)
  let end = limit
  while (end > 2 && bytes[end - 1] === 0) end -= 1
  return end < limit ? [end, end + 1] : [end]
}

/**
 * Decodes every byte of the image. Shrinks while reading if the format supports it, which saves most of the
 * computation; for an animation, reads as many frames as fit into the limit.
 */
async function decodeAll(
  bytes: Buffer,
  metadata: Metadata,
  limits: ImageLimits,
  failOn: 'none' | 'error',
): Promise<void> {
  const { width, height, pages = 1, pageHeight = height } = metadata
  const frames = Math.max(1, Math.min(pages, Math.floor(limits.maxPixels / (width * pageHeight))))
  await sharp(bytes, { failOn, limitInputPixels: false, pages: frames, sequentialRead: true })
    .resize({ width: Math.ceil(width / 8), fit: 'inside', kernel: 'nearest' })
    .timeout({ seconds: Math.max(1, Math.round(limits.timeoutMs / 1000)) })
    .raw()
    .toBuffer()
}

function cutOff(cause?: unknown): NotMediaError {
  return new NotMediaError('truncated', 'The image ends in the middle', { cause })
}

function failure(cause: unknown): NotMediaError | InspectionFailedError {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/timeout/i.test(message))
    return new InspectionFailedError('timeout', 'Decoding takes too long', { cause })
  const code = /premature end/i.test(message) ? 'truncated' : 'undecodable'
  return new NotMediaError(code, `The image cannot be decoded: ${message}`, { cause })
}
