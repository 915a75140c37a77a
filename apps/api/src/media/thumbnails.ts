import {
  createPictureDrawer,
  NoPictureError,
  type PictureDrawer,
  type PictureDrawerOptions,
} from '@mediakeep/picture'
import type { ServedMedia } from '../ports/actions.ts'

const WIDTHS = [160, 320, 640, 1280] as const
const DEFAULT_WIDTH = 320
const MAX_AT_ONCE = 2

/** No thumbnail can be made of this file. */
export class NoThumbnailError extends Error {
  override readonly name = 'NoThumbnailError'
  readonly code = 'no_thumbnail'
}

/** Storage for thumbnails, which can be made again if lost. */
export interface ThumbnailStore {
  read(name: string): Promise<Buffer | undefined>
  write(name: string, bytes: Buffer): Promise<void>
}

export interface Thumbnails {
  /** Draws an image, video frame or first page as WebP, at most `width` pixels wide. @throws NoThumbnailError */
  get(media: ServedMedia, width: number): Promise<Buffer>
  /** Ends the drawing processes. */
  close(): Promise<void>
}

/** Rounds up to the next supported width, so that requests cannot make the server store one picture per pixel. */
export function thumbnailWidth(asked: string | null): number {
  const width = asked !== null && /^\d{1,6}$/.test(asked) ? Number(asked) : DEFAULT_WIDTH
  return WIDTHS.find((known) => known >= width) ?? WIDTHS.at(-1)!
}

/** Draws thumbnails in child processes, so that a malicious file can harm a decoder but not the server. */
export function openThumbnails(
  store: ThumbnailStore,
  isolation: PictureDrawerOptions['isolation'],
): Thumbnails {
  const making = new Map<string, Promise<Buffer>>()
  const pictures = createPictureDrawer({ size: MAX_AT_ONCE, isolation })
  const make = async (key: string, media: ServedMedia, width: number): Promise<Buffer> => {
    const bytes = Buffer.from(await shrink(pictures, media, width))
    // With a full disk, the thumbnail is made again for the next reader; that is all.
    await store.write(key, bytes).catch(() => undefined)
    return bytes
  }
  return {
    async get(media, width) {
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
    close: () => pictures.close(),
  }
}

async function shrink(pictures: PictureDrawer, media: ServedMedia, width: number): Promise<Uint8Array> {
  try {
    const source = { path: await media.locate(), mimeType: media.mimeType }
    return (await pictures.draw(source, { maxWidth: width, format: 'webp' })).bytes
  } catch (error) {
    if (!(error instanceof NoPictureError)) throw error
    // Do not pass on the decoder's message, which may name files of this machine.
    const message =
      error.code === 'no_picture'
        ? `There are no thumbnails of ${media.mimeType}.`
        : 'The file cannot be decoded here.'
    throw new NoThumbnailError(message, { cause: error })
  }
}
