import {
  InvalidPostError,
  MAX_MEDIA_REFERENCES,
  type JsonObject,
  type JsonValue,
  type MediaReference,
  type MediaRole,
} from '@mediakeep/plugin-api'
import { integerOf, isObject, textOf } from '../fields.ts'

type MediaType = MediaReference['mediaType']
type Value = JsonValue | undefined
type References = Generator<MediaReference, void, undefined>

/**
 * Returns every place in a post that shows media, most important first.
 *
 * @throws InvalidPostError at the first place beyond the limit; the rest of the post is not read
 */
export function readMedia(post: JsonObject): MediaReference[] {
  const found: MediaReference[] = []
  for (const reference of mediaIn(post)) {
    if (found.length === MAX_MEDIA_REFERENCES) {
      const message = `more than ${MAX_MEDIA_REFERENCES} media references`
      throw new InvalidPostError(reference.pointer, message, 'too_many_media')
    }
    found.push(reference)
  }
  return found
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

/** A reshared post has no row of its own: its media belong to the post that shares it. */
function* reshared(post: Value): References {
  if (!isObject(post)) return
  for (const media of mediaIn(post)) {
    const role = media.role === 'avatar' ? 'avatar' : 'reshare'
    yield { ...media, role, pointer: `/reshared_post${media.pointer}` }
  }
}

/** A URL as text, or an object around one. Anything else is passed on as JSON: its row reports an invalid URL. */
function* reference(value: Value, pointer: string, role: MediaRole, type: MediaType = 'image'): References {
  if (value === undefined || value === null || value === '') return
  if (!isObject(value)) {
    const url = textOf(value) ?? JSON.stringify(value)
    yield { url, role, mediaType: type, pointer }
    return
  }
  const [width, height] = [pixels(value.width), pixels(value.height)]
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

function pixels(value: Value): number | undefined {
  const size = integerOf(value)
  return size !== undefined && size > 0 ? size : undefined
}
