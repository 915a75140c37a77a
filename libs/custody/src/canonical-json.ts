import canonicalize from 'canonicalize'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/**
 * Returns the one text that RFC 8785 defines for a value, so that everyone computes the same hash of it.
 *
 * @throws Error if the value has a lone surrogate, or a number that is not finite
 */
export function canonicalJson(value: Json): string {
  return canonicalize(value)!
}
