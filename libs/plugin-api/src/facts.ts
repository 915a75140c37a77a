import type { JsonObject, JsonValue } from './source-post.ts'

/** Texts in a file are untrusted input: each is cut to this length. */
const MAX_CHARS = 500

/** Returns a text of a file as PostgreSQL can store it, cut with a mark; undefined for anything that is not text. */
export function textFact(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = value.replaceAll('\0', ' ').toWellFormed().trim()
  if (plain === '') return undefined
  return plain.length > MAX_CHARS ? `${plain.slice(0, MAX_CHARS - 1).toWellFormed()}…` : plain
}

/** Leaves out the facts that are undefined. */
export function compactFacts(facts: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, JsonValue] => fact[1] !== undefined),
  )
}
