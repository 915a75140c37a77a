import { isUtf8 } from 'node:buffer'
import { InvalidPostError, type JsonObject, type JsonValue } from '@mediakeep/plugin-api'
import type { RawValue } from './raw-value.ts'

const PROBLEMS = {
  too_large: 'the post is larger than 16 MiB',
  too_deep: 'the post is nested deeper than 100 levels',
  truncated: 'the file ends within it',
} as const

/**
 * Reads integers above 2^53 as strings: they are ids, and a JavaScript number would change their last digits.
 *
 * @throws InvalidPostError
 */
export function parsePost({ bytes, problem, offset }: RawValue): JsonObject {
  if (problem) throw new InvalidPostError('', `${PROBLEMS[problem]} (it begins at byte ${offset})`, problem)
  if (!isUtf8(bytes)) throw new InvalidPostError('', `invalid UTF-8 (from byte ${offset})`, 'invalid_utf8')
  const text = bytes.toString('utf8')
  const json = parseJson(text)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new InvalidPostError('', 'not a JSON object', 'not_an_object')
  }
  if (REFUSED_ESCAPE.test(text)) refuseText(json)
  return json
}

/** Characters PostgreSQL refuses, or that would be silently replaced: UTF-8 can hold them only as escapes. */
const REFUSED_ESCAPE = /\\u(?:0000|d[89a-f])/i
/** A long integer value, or text that looks like one: the slower way of parsing is harmless. */
const LONG_INTEGER = /(?:"\s*:|[[,])\s*-?\d{16,}/

function parseJson(text: string): JsonValue {
  try {
    return LONG_INTEGER.test(text)
      ? (JSON.parse(text, keepLongIntegers) as JsonValue)
      : (JSON.parse(text) as JsonValue)
  } catch (error) {
    throw new InvalidPostError('', `invalid JSON: ${(error as Error).message}`, 'invalid_json')
  }
}

/** TypeScript's library does not have the third argument yet. */
function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isLong && context?.source !== undefined ? context.source : value
}

function refuseText(value: JsonValue, pointer = ''): void {
  if (typeof value === 'string') refuseString(value, pointer)
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) refuseText(value[index]!, `${pointer}/${index}`)
    return
  }
  for (const [key, child] of Object.entries(value)) {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    refuseString(key, at)
    refuseText(child, at)
  }
}

function refuseString(text: string, pointer: string): void {
  // The pointer is stored too, so it must not contain the refused characters.
  const at = pointer.replaceAll('\0', '').toWellFormed()
  if (text.includes('\0')) throw new InvalidPostError(at, 'text with a NUL character', 'nul_character')
  if (!text.isWellFormed()) throw new InvalidPostError(at, 'text with a lone surrogate', 'lone_surrogate')
}
