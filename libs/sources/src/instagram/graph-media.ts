import type { JsonObject } from '@mediakeep/plugin-api'
import { objectsOf, pixelsOf, secondsOf, textOf, urlOf, type References } from '../fields.ts'
import { objectsIn, valueAt } from '../objects.ts'
import { bestRendition, type Rendition } from '../renditions.ts'
import { mediaKey } from './ids.ts'
import { coverKey } from './web-media.ts'

/** Returns the media of a post as Instagram's older GraphQL API writes it; Instaloader still does. */
export function* graphMedia(post: JsonObject, pointer = ''): References {
  const children = childrenOf(post, pointer)
  if (children.length === 0) yield* oneMedia(post, pointer)
  for (const [child, at] of children) yield* oneMedia(child, at)
}

/** Returns the nodes of a carousel, each with its pointer. */
export function childrenOf(post: JsonObject, pointer: string): [node: JsonObject, pointer: string][] {
  const at = `${pointer}/edge_sidecar_to_children/edges`
  return objectsIn(valueAt(post, 'edge_sidecar_to_children', 'edges'), at).flatMap(([{ node }, edge]) =>
    objectsOf([node ?? null]).map(([child]) => [child, `${edge}/node`] as [JsonObject, string]),
  )
}

function* oneMedia(media: JsonObject, pointer: string): References {
  const key = mediaKey(media.id)
  const altText = textOf(media.accessibility_caption)
  const size = {
    width: pixelsOf(valueAt(media, 'dimensions', 'width')),
    height: pixelsOf(valueAt(media, 'dimensions', 'height')),
  }
  const video = urlOf(media.video_url)
  if (video !== undefined) {
    const durationMs = secondsOf(media.video_duration)
    yield {
      url: video,
      pointer: `${pointer}/video_url`,
      ...size,
      key,
      role: 'content',
      mediaType: 'video',
      durationMs,
      altText,
    }
  }
  const picture = bestRendition(pictures(media, pointer))
  if (!picture) return
  const isCover = video !== undefined || media.is_video === true
  if (isCover) yield { ...picture, key: coverKey(key), role: 'thumbnail', mediaType: 'image' }
  else yield { ...picture, key, role: 'content', mediaType: 'image', altText }
}

/** `thumbnail_resources` are cropped to squares, and therefore no renditions of the picture. */
function pictures(media: JsonObject, pointer: string): Rendition[] {
  const found = objectsOf(media.display_resources).flatMap(([resource, index]): Rendition[] => {
    const url = urlOf(resource.src)
    const at = `${pointer}/display_resources/${index}/src`
    if (url === undefined) return []
    return [
      { url, width: pixelsOf(resource.config_width), height: pixelsOf(resource.config_height), pointer: at },
    ]
  })
  const url = urlOf(media.display_url)
  if (url === undefined) return found
  const width = pixelsOf(valueAt(media, 'dimensions', 'width'))
  const height = pixelsOf(valueAt(media, 'dimensions', 'height'))
  return [{ url, width, height, pointer: `${pointer}/display_url` }, ...found]
}
