import sharp from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import {
  MEDIA_TYPES,
  compactFacts,
  pictureOrNone,
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
    const picture = await pictureOrNone(input, { maxEdge: EDGE })
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

function sizeOf(picture: Picture, { mediaType }: AnalysisInput): JsonObject {
  const { fullWidth: width, fullHeight: height, durationSeconds, pageCount } = picture
  if (mediaType === 'document')
    return { pageWidthPoints: width, pageHeightPoints: height, ...compactFacts({ pageCount }) }
  return { width, height, ...compactFacts({ durationSeconds }) }
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
