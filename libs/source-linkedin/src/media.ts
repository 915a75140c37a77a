import type { JsonObject, JsonValue, MediaReference, MediaRole } from '@mediakeep/plugin-api'
import { integerOf, isObject, textOf } from './json.ts'

type MediaType = MediaReference['mediaType']
type Value = JsonValue | undefined

/** Every place in a post that shows media, in the order of importance. */
export function readMedia(post: JsonObject): MediaReference[] {
  return [
    ...each(post.media, '/media').flatMap(([media, pointer]) => mediaOf(media, pointer)),
    ...reference(
      isObject(post.article) ? post.article.thumbnail : undefined,
      '/article/thumbnail',
      'article',
    ),
    ...reshared(post.reshared_post),
    ...reference(
      isObject(post.author) ? post.author.profile_picture : undefined,
      '/author/profile_picture',
      'avatar',
    ),
  ]
}

function mediaOf(media: Value, pointer: string): MediaReference[] {
  if (!isObject(media)) return reference(media, pointer, 'content')
  const type = mediaType(media.type)
  return [
    ...reference(media.url, `${pointer}/url`, 'content', type),
    ...each(media.images, `${pointer}/images`).flatMap(([image, at]) => reference(image, at, 'content')),
    ...each(media.items, `${pointer}/items`).flatMap(([item, at]) => reference(item, at, 'content', type)),
    ...reference(media.thumbnail, `${pointer}/thumbnail`, 'thumbnail'),
  ]
}

/** A reshared post has no row of its own: what it shows belongs to the post that shares it. */
function reshared(post: Value): MediaReference[] {
  if (!isObject(post)) return []
  return readMedia(post).map((media) => ({
    ...media,
    role: media.role === 'avatar' ? 'avatar' : 'reshare',
    pointer: `/reshared_post${media.pointer}`,
  }))
}

/**
 * A URL as text, or an object around one. What is neither is handed on as its JSON: it is no URL, and its row
 * will say so.
 */
function reference(
  value: Value,
  pointer: string,
  role: MediaRole,
  type: MediaType = 'image',
): MediaReference[] {
  if (value === undefined || value === null || value === '') return []
  if (!isObject(value)) {
    const url = textOf(value) ?? JSON.stringify(value)
    return [{ url, role, mediaType: type, pointer }]
  }
  const [width, height] = [pixels(value.width), pixels(value.height)]
  return reference(
    value.url,
    `${pointer}/url`,
    role,
    value.type === undefined ? type : mediaType(value.type),
  ).map((media) => ({ width, height, ...media }))
}

function each(value: Value, pointer: string): [value: Value, pointer: string][] {
  return Array.isArray(value) ? value.map((item, index) => [item, `${pointer}/${index}`]) : [[value, pointer]]
}

function mediaType(type: Value): MediaType {
  return type === 'video' || type === 'document' ? type : 'image'
}

function pixels(value: Value): number | undefined {
  const size = integerOf(value)
  return size !== undefined && size > 0 ? size : undefined
}
