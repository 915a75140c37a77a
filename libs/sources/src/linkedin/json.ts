import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns a non-empty text. Optional fields of another type count as absent. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Returns a whole number that fits PostgreSQL's integer. */
export function integerOf(value: JsonValue | undefined): number | undefined {
  return Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff ? (value as number) : undefined
}
