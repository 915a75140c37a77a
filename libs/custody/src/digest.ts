import { hash } from 'node:crypto'

export const DIGEST_BYTES = 32

/** SHA-256 over the concatenated parts. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer')
}

/**
 * Prefix of everything that this log hashes or signs. The same bytes with another purpose give another hash, so a hash
 * or signature made for one purpose cannot be presented as one for another.
 */
export function domain(purpose: 'entry' | 'value' | 'checkpoint' | 'rotation' | 'item'): Buffer {
  return Buffer.from(`mediakeep custody ${purpose} v1\n`)
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}
