import sharp from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import {
  AnalysisError,
  MEDIA_TYPES,
  type Analyser,
  type AnalysisInput,
  type JsonObject,
  type Picture,
} from '@mediakeep/plugin-api'
import { readImageFacts } from './image-facts.ts'
import { perceptualHash } from './perceptual-hash.ts'

// Large enough for colours and hashes, and fast: most formats are scaled down while being decoded.
const EDGE = 256
/** ThumbHash's maximum input size. */
const THUMBHASH_EDGE = 100

/** Objective facts about a file: size, EXIF, colours, and hashes that identify it and similar files. */
export const analyser: Analyser = {
  name: 'facts',
  version: '1',
  mediaTypes: MEDIA_TYPES,
  timeoutMs: 30_000,
  async analyse(input) {
    const picture = await pictureOf(input)
    const known = await knownOf(input, picture)
    const seen = picture ? { ...sizeOf(picture, input), ...(await looksOf(picture)) } : {}
    return { result: { mimeType: input.mimeType, byteSize: input.byteSize, ...known, ...seen } }
  },
}

/** An image type that cannot be decoded here (BMP, JPEG XL) has only its type and size as facts. */
async function knownOf(input: AnalysisInput, picture: Picture | undefined): Promise<JsonObject> {
  if (input.mediaType !== 'image') return {}
  try {
    return await readImageFacts(input.path)
  } catch (error) {
    if (picture === undefined) return {}
    throw error
  }
}

/** Returns undefined for files without a picture here, such as sound, HEIC and office documents; other facts remain. */
async function pictureOf(input: AnalysisInput): Promise<Picture | undefined> {
  try {
    return await input.picture({ maxEdge: EDGE })
  } catch (error) {
    if (error instanceof AnalysisError && error.code === 'no_picture') return undefined
    throw error
  }
}

function sizeOf(picture: Picture, { mediaType }: AnalysisInput): JsonObject {
  const { fullWidth: width, fullHeight: height, durationSeconds, pageCount } = picture
  if (mediaType === 'document')
    return { pageWidthPoints: width, pageHeightPoints: height, ...given({ pageCount }) }
  return { width, height, ...given({ durationSeconds }) }
}

async function looksOf({ bytes }: Picture): Promise<JsonObject> {
  const { dominant } = await sharp(bytes).stats()
  const small = await sharp(bytes)
    .resize({ width: THUMBHASH_EDGE, height: THUMBHASH_EDGE, fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const thumbhash = rgbaToThumbHash(small.info.width, small.info.height, small.data)
  return {
    dominantColor: `#${[dominant.r, dominant.g, dominant.b].map(hexByte).join('')}`,
    thumbhash: Buffer.from(thumbhash).toString('base64'),
    perceptualHash: await perceptualHash(bytes),
  }
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

function given(facts: Record<string, number | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, number] => fact[1] !== undefined),
  )
}
