import sharp, { type Metadata, type Sharp } from 'sharp'
import { backgroundFor } from './background.ts'
import { NoPictureError, type Picture, type PictureOptions, type PictureSource } from './picture.ts'

/** Width times height of the decoded image; the same limit as for downloads. */
const MAX_PIXELS = 100_000_000

/** A drawn picture before it is scaled and encoded. */
export interface Drawn extends Pick<
  Picture,
  'fullWidth' | 'fullHeight' | 'atSeconds' | 'durationSeconds' | 'pageCount'
> {
  readonly pixels: Sharp
  /** True if parts of it may be transparent. */
  readonly hasAlpha?: boolean
}

/**
 * Draws a picture of a file: the image itself, a frame of a video, or the first page of a PDF. It decodes in this
 * process, so untrusted files must be drawn in a child (`createPictureDrawer`).
 *
 * @throws NoPictureError
 */
export async function drawPicture(source: PictureSource, options: PictureOptions = {}): Promise<Picture> {
  const { pixels, hasAlpha = false, ...facts } = await open(source, options)
  try {
    const background = hasAlpha ? await backgroundFor(pixels) : '#ffffff'
    const { data, info } = await encode(fit(pixels, background, options), options.format ?? 'png')
    const mimeType = `image/${options.format ?? 'png'}` as const
    return { bytes: data, mimeType, width: info.width, height: info.height, ...facts }
  } catch (cause) {
    throw undecodable(cause)
  }
}

async function open({ path, mimeType }: PictureSource, options: PictureOptions): Promise<Drawn> {
  try {
    if (mimeType.startsWith('video/'))
      return await (await import('./video-frame.ts')).drawFrame(path, mimeType)
    if (mimeType === 'application/pdf') {
      return await (await import('./pdf-page.ts')).drawFirstPage(path, options.maxEdge)
    }
    if (mimeType.startsWith('image/')) return await openImage(path, mimeType)
  } catch (cause) {
    throw cause instanceof NoPictureError ? cause : undecodable(cause)
  }
  throw new NoPictureError('no_picture', `There are no pictures of ${mimeType}`)
}

/** Types that sharp reads. For other types, an unreadable file is not to blame. */
const READ = /^image\/(?:jpeg|png|gif|webp|avif|tiff)$/

/** The inspection has already checked the end of the file: one without an end mark is drawn, as viewers draw it. */
async function openImage(path: string, mimeType: string): Promise<Drawn> {
  const { format, compression, autoOrient, hasAlpha } = await readMetadata(path, mimeType)
  // SVG is a drawing program rather than a picture, and may refer to files and addresses.
  if (format === 'svg') throw new NoPictureError('no_picture', 'There are no pictures of SVG')
  // Patented, and not among sharp's codecs (AVIF is the same container with another codec).
  if (format === 'heif' && compression === 'hevc') {
    throw new NoPictureError('no_picture', 'There is no decoder for HEIC here')
  }
  const { width, height } = autoOrient
  if (width * height > MAX_PIXELS) {
    throw new NoPictureError('pixel_bomb', `${width} x ${height} pixels are more than ${MAX_PIXELS}`)
  }
  const pixels = sharp(path, { failOn: 'none', limitInputPixels: MAX_PIXELS }).autoOrient()
  return { pixels, hasAlpha, fullWidth: width, fullHeight: height }
}

async function readMetadata(path: string, mimeType: string): Promise<Metadata> {
  try {
    return await sharp(path, { failOn: 'none', limitInputPixels: false }).metadata()
  } catch (cause) {
    if (READ.test(mimeType)) throw cause
    throw new NoPictureError('no_picture', `There is no decoder for ${mimeType} here`, { cause })
  }
}

function fit(pixels: Sharp, background: string, { maxEdge, maxWidth }: PictureOptions): Sharp {
  const opaque = pixels.flatten({ background })
  const [width, height] = [Math.min(maxWidth ?? Infinity, maxEdge ?? Infinity), maxEdge]
  if (width === Infinity) return opaque
  return opaque.resize({ width, height, fit: 'inside', withoutEnlargement: true })
}

function encode(
  pixels: Sharp,
  format: NonNullable<PictureOptions['format']>,
): Promise<{ data: Buffer; info: { width: number; height: number } }> {
  const encoded =
    format === 'png'
      ? pixels.png({ compressionLevel: 3 })
      : format === 'jpeg'
        ? pixels.jpeg({ quality: 85 })
        : pixels.webp({ quality: 78 })
  return encoded.toBuffer({ resolveWithObject: true })
}

function undecodable(cause: unknown): NoPictureError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new NoPictureError('undecodable', `It cannot be decoded: ${message}`, { cause })
}
