import {
  InvalidPostError,
  MAX_MEDIA_REFERENCES,
  type JsonObject,
  type JsonValue,
  type MediaReference,
} from '@mediakeep/plugin-api'

export type Value = JsonValue | undefined
export type References = Generator<MediaReference, void, undefined>

export function isObject(value: Value): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns the object, or an empty one for any other value, so that a chain of optional objects stays short. */
export function objectOf(value: Value): JsonObject {
  return isObject(value) ? value : {}
}

/** Returns the list, or an empty one for any other value. */
export function listOf(value: Value): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

/** Returns the objects of a list with their positions. Members of another type are left out. */
export function objectsOf(value: Value): [item: JsonObject, index: number][] {
  return listOf(value).flatMap((item, index) =>
    isObject(item) ? [[item, index] as [JsonObject, number]] : [],
  )
}

/** Returns a text that is not empty. Optional fields of another type count as absent. */
export function textOf(value: Value): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Returns a number; exports often write numbers as text. */
export function numberOf(value: Value): number | undefined {
  const number = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Returns a whole number that fits PostgreSQL's integer. */
export function integerOf(value: Value): number | undefined {
  const number = numberOf(value)
  return Number.isInteger(number) && Math.abs(number!) <= 0x7fffffff ? number : undefined
}

/** Returns a width, height or other size above zero, rounded to whole pixels. */
export function pixelsOf(value: Value): number | undefined {
  const size = integerOf(Math.round(numberOf(value) ?? 0))
  return size !== undefined && size > 0 ? size : undefined
}

/** Returns the milliseconds of a duration in seconds. */
export function secondsOf(value: Value): number | undefined {
  const seconds = numberOf(value)
  return seconds !== undefined && seconds > 0 ? integerOf(Math.round(seconds * 1000)) : undefined
}

/** Returns an id of digits. A number beyond 2^53 has lost digits and is none. */
export function digitsOf(value: Value): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? text : undefined
}

/** Returns an http or https URL. */
export function urlOf(value: Value): string | undefined {
  return typeof value === 'string' && /^https?:\/\/[^/]/i.test(value) ? value : undefined
}

/** Returns the texts of a list, each once. */
export function uniqueTexts(values: Iterable<Value>): string[] {
  return [...new Set([...values].flatMap((value) => textOf(value) ?? []))]
}

/**
 * Collects the media of one post.
 *
 * @throws InvalidPostError at the first reference beyond the limit; the rest of the post is not read
 */
export function collectMedia(references: Iterable<MediaReference>): MediaReference[] {
  const found: MediaReference[] = []
  for (const reference of references) {
    if (found.length === MAX_MEDIA_REFERENCES) {
      const message = `more than ${MAX_MEDIA_REFERENCES} media references`
      throw new InvalidPostError(reference.pointer, message, 'too_many_media')
    }
    found.push(reference)
  }
  return found
}

/** A step of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
