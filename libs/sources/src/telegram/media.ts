import type { JsonObject, MediaReference, MediaType, Place } from '@mediakeep/plugin-api'
import { mediaTypeOfMime } from '../file-types.ts'
import { integerOf, pixelsOf, secondsOf, textOf, type References, type Value } from '../fields.ts'

type Source = Pick<MediaReference, 'file' | 'missing' | 'key'>

/** Reads the photo or file of a message and its thumbnail. */
export function* mediaIn(message: JsonObject, place: Place): References {
  const shape = { width: pixelsOf(message.width), height: pixelsOf(message.height) }
  const photo = sourceOf(message.photo, place)
  const attested = (size: Value): MediaReference['attested'] => {
    const byteSize = integerOf(size)
    return byteSize === undefined ? undefined : { byteSize }
  }
  if (photo) {
    const content = { role: 'content', mediaType: 'image', pointer: '/photo' } as const
    yield { ...photo, ...content, ...shape, attested: attested(message.photo_file_size) }
  }
  const file = sourceOf(message.file, place)
  if (file) {
    const durationMs = secondsOf(message.duration_seconds)
    const rest = { ...shape, durationMs, attested: attested(message.file_size) }
    yield { ...file, role: 'content', mediaType: typeOf(message), pointer: '/file', ...rest }
  }
  const thumbnail = sourceOf(message.thumbnail, place)
  if (thumbnail) yield { ...thumbnail, role: 'thumbnail', mediaType: 'image', pointer: '/thumbnail' }
}

/** The export writes a sentence in brackets in place of the path of a file that it does not include. */
function sourceOf(value: Value, place: Place): Source | undefined {
  const path = textOf(value)
  if (path === undefined) return undefined
  if (/^\(.*\)$/.test(path)) return { missing: path.slice(1, -1) }
  const file = place.resolve(path)
  return file === undefined ? { missing: `the export has no file ${path}`, key: path } : { file, key: path }
}

const BY_KIND: Readonly<Record<string, MediaType>> = {
  animation: 'video',
  audio_file: 'audio',
  video_file: 'video',
  video_message: 'video',
  voice_message: 'audio',
}

/** Stickers are pictures, videos, or drawings in a format of Telegram's own. */
function typeOf({ media_type: kind, mime_type: mime, file }: JsonObject): MediaType {
  const byKind = BY_KIND[textOf(kind) ?? '']
  if (byKind) return byKind
  const type = mediaTypeOfMime(textOf(mime) ?? '')
  if (type !== 'document') return type
  const isPicture = kind === 'sticker' && !/\.tgs$/i.test(textOf(file) ?? '')
  return isPicture ? 'image' : 'document'
}
