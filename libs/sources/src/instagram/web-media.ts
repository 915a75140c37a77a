import type { JsonObject } from '@mediakeep/plugin-api'
import { objectsOf, pixelsOf, secondsOf, textOf, urlOf, type References, type Value } from '../fields.ts'
import { objectsIn, valueAt } from '../objects.ts'
import { bestRendition, type Renditions } from '../renditions.ts'
import { mediaKey } from './ids.ts'

/** Returns the media of a post as Instagram's and Threads' own pages and apps receive it. */
export function* webMedia(post: JsonObject): References {
  const children = objectsIn(post.carousel_media, '/carousel_media')
  if (children.length === 0) yield* oneMedia(post, '')
  for (const [child, pointer] of children) yield* oneMedia(child, pointer)
}

function* oneMedia(media: JsonObject, pointer: string): References {
  const key = mediaKey(media.pk ?? media.id)
  const altText = textOf(media.accessibility_caption)
  const image = renditions(
    valueAt(media, 'image_versions2', 'candidates'),
    `${pointer}/image_versions2/candidates`,
  )
  const picture = image ?? displayed(media, pointer)
  const video = renditions(media.video_versions, `${pointer}/video_versions`)
  if (video) {
    const durationMs = secondsOf(media.video_duration)
    yield { ...video, key, role: 'content', mediaType: 'video', durationMs, altText }
  }
  // A partial item names a video and has only its cover.
  const isCover = video !== undefined || media.media_type === 2
  if (picture && isCover) yield { ...picture, key: coverKey(key), role: 'thumbnail', mediaType: 'image' }
  else if (picture) yield { ...picture, key, role: 'content', mediaType: 'image', altText }
}

/** The grid of a profile has only this picture. */
function displayed(media: JsonObject, pointer: string): Renditions | undefined {
  const url = urlOf(media.display_uri)
  return url === undefined ? undefined : { url, pointer: `${pointer}/display_uri` }
}

export function coverKey(key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${key}:cover`
}

function renditions(value: Value, pointer: string): Renditions | undefined {
  const found = objectsOf(value).flatMap(([version, index]) => {
    const url = urlOf(version.url)
    if (url === undefined) return []
    const [width, height] = [pixelsOf(version.width), pixelsOf(version.height)]
    return [{ url, width, height, pointer: `${pointer}/${index}/url` }]
  })
  return bestRendition(found)
}
