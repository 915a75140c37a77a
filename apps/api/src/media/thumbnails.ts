import { buffer } from 'node:stream/consumers'
import PQueue from 'p-queue'
import sharp from 'sharp'
import type { ServedMedia } from '../actions.ts'

const WIDTHS = [160, 320, 640, 1280] as const
const DEFAULT_WIDTH = 320
/** Of the image a thumbnail is made of: 100 megapixels, as the download takes them. */
const MAX_PIXELS = 100_000_000
const MAX_AT_ONCE = 2

/** There is no picture of such a file. */
export class NoThumbnailError extends Error {
  override readonly name = 'NoThumbnailError'
  readonly code = 'no_thumbnail'
}

/** Where made thumbnails are kept. They can be made again: losing them loses nothing. */
export interface ThumbnailStore {
  read(name: string): Promise<Buffer | undefined>
  write(name: string, bytes: Buffer): Promise<void>
}

export interface Thumbnails {
  /** WebP, as wide as asked or as the image is. @throws NoThumbnailError */
  get(media: ServedMedia, width: number): Promise<Buffer>
}

/** The next width there is: a request cannot have the server make and keep a picture for each pixel. */
export function thumbnailWidth(asked: string | null): number {
  const width = asked !== null && /^\d{1,6}$/.test(asked) ? Number(asked) : DEFAULT_WIDTH
  return WIDTHS.find((known) => known >= width) ?? WIDTHS.at(-1)!
}

export function openThumbnails(store: ThumbnailStore): Thumbnails {
  const making = new Map<string, Promise<Buffer>>()
  const turns = new PQueue({ concurrency: MAX_AT_ONCE })
  const make = async (key: string, media: ServedMedia, width: number): Promise<Buffer> => {
    const bytes = await turns.add(() => shrink(media, width))
    // A full disk costs the next reader the making, no more.
    await store.write(key, bytes).catch(() => undefined)
    return bytes
  }
  return {
    async get(media, width) {
      if (!media.mimeType.startsWith('image/'))
        throw new NoThumbnailError(`There are thumbnails of images only, not of ${media.mimeType}.`)
      const key = `${media.sha256}-${width}.webp`
      const kept = await store.read(key)
      if (kept) return kept
      let made = making.get(key)
      if (!made) {
        made = make(key, media, width).finally(() => making.delete(key))
        making.set(key, made)
      }
      return made
    },
  }
}

async function shrink(media: ServedMedia, width: number): Promise<Buffer> {
  const bytes = await buffer(await media.open())
  try {
    return await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .autoOrient()
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: 78 })
      .toBuffer()
  } catch (error) {
    throw new NoThumbnailError('The image cannot be decoded here.', { cause: error })
  }
}
