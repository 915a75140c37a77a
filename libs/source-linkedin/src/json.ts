import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text with something in it. Optional fields of another type are read as absent. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number that fits PostgreSQL's integer. */
export function integerOf(value: JsonValue | undefined): number | undefined {
  return Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff ? (value as number) : undefined
}
