import sharp, { type Metadata } from 'sharp'
import { InspectionFailedError, NotMediaError } from '@mediakeep/content'
import { assertWhole } from './image-whole.ts'
import type { Sniffed } from './sniff.ts'

export interface ImageLimits {
  /** Width times height. */
  readonly maxPixels: number
  /** Of decoding. */
  readonly timeoutMs: number
}

export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** @throws NotMediaError `truncated`, `polyglot`, `pixel_bomb` or `undecodable`; InspectionFailedError `timeout` */
export async function inspectImage(bytes: Buffer, type: Sniffed, limits: ImageLimits): Promise<ImageSize> {
  assertWhole(bytes, type.mimeType)
  const metadata = await readMetadata(bytes)
  const { width, height } = metadata.autoOrient
  if (width * height > limits.maxPixels) {
    throw new NotMediaError('pixel_bomb', `${width} x ${height} pixels are more than ${limits.maxPixels}`)
  }
  // Its codec is patented, and not among those of sharp: the structure has to do.
  if (type.kind !== 'heif') await decode(bytes, metadata, limits)
  return { width, height }
}

async function readMetadata(bytes: Buffer): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata()
  } catch (cause) {
    throw new NotMediaError('undecodable', 'The image cannot be read', { cause })
  }
}

/**
 * Every byte of the image passes the decoder. It is shrunk while it is read, where the format allows, which spares
 * most of the arithmetic; of an animation, as many frames are read as fit into the limit.
 */
async function decode(bytes: Buffer, metadata: Metadata, limits: ImageLimits): Promise<void> {
  const { width, height, pages = 1, pageHeight = height } = metadata
  const frames = Math.max(1, Math.min(pages, Math.floor(limits.maxPixels / (width * pageHeight))))
  try {
    await sharp(bytes, { failOn: 'error', limitInputPixels: false, pages: frames, sequentialRead: true })
      .resize({ width: Math.ceil(width / 8), fit: 'inside', kernel: 'nearest' })
      .timeout({ seconds: Math.max(1, Math.round(limits.timeoutMs / 1000)) })
      .raw()
      .toBuffer()
  } catch (cause) {
    throw failure(cause)
  }
}

function failure(cause: unknown): NotMediaError | InspectionFailedError {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/timeout/i.test(message))
    return new InspectionFailedError('timeout', 'Decoding takes too long', { cause })
  const code = /premature end/i.test(message) ? 'truncated' : 'undecodable'
  return new NotMediaError(code, `The image cannot be decoded: ${message}`, { cause })
}
