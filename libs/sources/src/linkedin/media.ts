import type { JsonObject, MediaReference, MediaRole, MediaType } from '@mediakeep/plugin-api'
import { collectMedia, isObject, pixelsOf, textOf, type References, type Value } from '../fields.ts'
import { asReshared } from '../reshared.ts'

/**
 * Returns every place in a post that shows media, most important first.
 *
 * @throws InvalidPostError at the first place beyond the limit; the rest of the post is not read
 */
export function readMedia(post: JsonObject): MediaReference[] {
  return collectMedia(mediaIn(post))
}

function* mediaIn(post: JsonObject): References {
  for (const [media, pointer] of each(post.media, '/media')) yield* mediaOf(media, pointer)
  const { article, author } = post
  yield* reference(isObject(article) ? article.thumbnail : undefined, '/article/thumbnail', 'article')
  yield* reshared(post.reshared_post)
  yield* reference(isObject(author) ? author.profile_picture : undefined, '/author/profile_picture', 'avatar')
}

function* mediaOf(media: Value, pointer: string): References {
  if (!isObject(media)) {
    yield* reference(media, pointer, 'content')
    return
  }
  const type = mediaType(media.type)
  yield* reference(media.url, `${pointer}/url`, 'content', type)
  for (const [image, at] of each(media.images, `${pointer}/images`)) yield* reference(image, at, 'content')
  for (const [item, at] of each(media.items, `${pointer}/items`)) yield* reference(item, at, 'content', type)
  yield* reference(media.thumbnail, `${pointer}/thumbnail`, 'thumbnail')
}

function* reshared(post: Value): References {
  if (!isObject(post)) return
  for (const media of asReshared(mediaIn(post))) yield { ...media, pointer: `/reshared_post${media.pointer}` }
}

/** A URL as text, or an object around one. Anything else is passed on as JSON: its row reports an invalid URL. */
function* reference(value: Value, pointer: string, role: MediaRole, type: MediaType = 'image'): References {
  if (value === undefined || value === null || value === '') return
  if (!isObject(value)) {
    const url = textOf(value) ?? JSON.stringify(value)
    yield { url, role, mediaType: type, pointer }
    return
  }
  const [width, height] = [pixelsOf(value.width), pixelsOf(value.height)]
  const inner = value.type === undefined ? type : mediaType(value.type)
  for (const media of reference(value.url, `${pointer}/url`, role, inner)) yield { width, height, ...media }
}

function* each(value: Value, pointer: string): Generator<[value: Value, pointer: string], void, undefined> {
  if (!Array.isArray(value)) yield [value, pointer]
  else for (const [index, item] of value.entries()) yield [item, `${pointer}/${index}`]
}

function mediaType(type: Value): MediaType {
  return type === 'video' || type === 'document' ? type : 'image'
}
