import type { JsonObject, MediaCandidate, MediaReference, MediaRole } from '@mediakeep/plugin-api'
import {
  integerOf,
  objectOf,
  objectsOf,
  pixelsOf,
  textOf,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'

/** Finds the export's own file of a media, by the URLs that the file may be named after. */
export type FileOf = (urls: readonly string[]) => string | undefined
const noFile: FileOf = () => undefined
export const contentImage = { role: 'content', mediaType: 'image' } as const

/** Reads `extended_entities.media` of the archive, API v1.1 and GraphQL. */
export function* entityMedia(entities: Value, entitiesPointer: string, fileOf = noFile): References {
  for (const [media, index] of objectsOf(entities)) {
    const at = `${entitiesPointer}/${index}`
    const pictureKey = urlOf(media.media_url_https) === undefined ? 'media_url' : 'media_url_https'
    const picture = urlOf(media[pictureKey])
    const key = keyOf(picture) ?? textOf(media.id_str)
    const large = objectOf(objectOf(media.sizes).large)
    const info = objectOf(media.original_info)
    const shape = {
      width: pixelsOf(info.width) ?? pixelsOf(large.w),
      height: pixelsOf(info.height) ?? pixelsOf(large.h),
      altText: textOf(media.ext_alt_text),
    }
    const video = objectOf(media.video_info)
    const rest = { ...shape, durationMs: integerOf(video.duration_millis), key }
    const found = videoReference(video.variants, `${at}/video_info/variants`, 'content', rest, fileOf)
    if (found) yield found
    if (picture === undefined) continue
    const still = { pointer: `${at}/${pictureKey}`, mediaType: 'image' } as const
    if (!found)
      yield { ...still, ...pictureUrls(picture), file: fileOf([picture]), role: 'content', key, ...shape }
    else
      yield {
        ...still,
        url: picture,
        role: 'thumbnail',
        key: key === undefined ? undefined : `${key}/thumbnail`,
      }
  }
}

/**
 * Returns the name of a picture, or of a video's still: every format has it, while only some have a media id.
 */
export function keyOf(url: string | undefined): string | undefined {
  return /\/([\w-]+)(?:\.\w+)?(?:[?:].*)?$/.exec(url ?? '')?.[1]
}

/** The picture in its original size first, then in the sizes that remain when that one is gone. */
export function pictureUrls(url: string): Pick<MediaReference, 'url' | 'candidates'> {
  const [, base, extension] = /^(https:\/\/pbs\.twimg\.com\/media\/[\w-]+)\.(\w+)$/.exec(url) ?? []
  if (base === undefined) return { url }
  const sized = (name: string): string => `${base}?format=${extension!}&name=${name}`
  return { url: sized('orig'), candidates: [{ url: sized('large') }, { url }] }
}

/** A video's still picture. */
export function stillOf(url: string, pointer: string): MediaReference {
  return { url, key: `${keyOf(url) ?? url}/thumbnail`, role: 'thumbnail', mediaType: 'image', pointer }
}

/** Reads `variants`, the best first. A playlist is the last choice and carries its MIME type. */
export function videoReference(
  variants: Value,
  pointer: string,
  role: MediaRole,
  rest: Partial<MediaReference>,
  fileOf = noFile,
): MediaReference | undefined {
  const found = objectsOf(variants).flatMap(([variant, index]) => {
    const rendition = renditionOf(variant)
    return rendition ? [{ rendition, index }] : []
  })
  found.sort((a, b) => rank(b.rendition) - rank(a.rendition))
  const [best, ...others] = found
  if (!best) return undefined
  const { url } = best.rendition
  // A reference has no MIME type, so a playlist without a video is among the candidates too.
  const candidates = (isPlaylist(best.rendition) ? found : others).map(({ rendition }) => rendition)
  const file = fileOf(found.map(({ rendition }) => rendition.url))
  return { ...rest, url, candidates, file, role, mediaType: 'video', pointer: `${pointer}/${best.index}/url` }
}

function renditionOf(variant: JsonObject): MediaCandidate | undefined {
  const url = urlOf(variant.url)
  if (url === undefined) return undefined
  const mimeType = textOf(variant.content_type) ?? textOf(variant.contentType)
  const bitrate = integerOf(variant.bitrate) ?? integerOf(variant.bit_rate)
  const [, width, height] = /\/(\d{2,5})x(\d{2,5})\//.exec(url) ?? []
  return { url, mimeType, bitrate, width: pixelsOf(width), height: pixelsOf(height) }
}

function rank(rendition: MediaCandidate): number {
  return isPlaylist(rendition) ? -1 : Math.max(rendition.bitrate ?? 0, 0)
}

function isPlaylist({ url, mimeType = '' }: MediaCandidate): boolean {
  return /mpegurl/i.test(mimeType) || /\.m3u8(?:\?|$)/.test(url)
}

/** The avatar without the suffix that makes it small. */
export function* avatar(value: Value, pointer: string, file?: string): References {
  const url = urlOf(value)
  if (url === undefined) return
  const full = url.replace(/_(?:normal|bigger|mini|x96|400x400)(\.\w+)$/, '$1')
  const candidates = full === url ? undefined : [{ url }]
  yield { url: full, candidates, file, role: 'avatar', mediaType: 'image', pointer }
}
