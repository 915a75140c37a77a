import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'
import { isObject, objectsOf, textOf, type Value } from './fields.ts'

/** Returns the value at the end of a path of keys, or undefined if an object is missing on the way. */
export function valueAt(value: Value, ...keys: readonly string[]): Value {
  let inner = value
  for (const key of keys) {
    if (!isObject(inner) || !Object.hasOwn(inner, key)) return undefined
    inner = inner[key]
  }
  return inner
}

/** Returns the objects of a list, each with its JSON pointer. */
export function objectsIn(value: Value, pointer: string): [item: JsonObject, pointer: string][] {
  return objectsOf(value).map(([item, index]) => [item, `${pointer}/${index}`])
}

/** Returns the given fields of an object that are present and not null; undefined if there are none. */
export function fieldsOf(value: Value, names: readonly string[]): JsonObject | undefined {
  const found = names.flatMap((name): [string, JsonValue][] => {
    const field = valueAt(value, name)
    return field === undefined || field === null ? [] : [[name, field]]
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

/** Returns the first text that is not empty. */
export function firstText(...values: readonly Value[]): string | undefined {
  for (const value of values) {
    const text = textOf(value)
    if (text !== undefined) return text
  }
  return undefined
}
