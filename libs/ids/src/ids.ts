import { randomBytes } from 'node:crypto'

/** `p`: post, `med`: media item, `run`: import run, `dl`: engagement snapshot, `tok`: API token, `exp`: export. */
export type IdPrefix = 'p' | 'med' | 'run' | 'dl' | 'tok' | 'exp'

/**
 * Creates an id: the prefix and a UUIDv7 (RFC 9562) in hex, so that ids sort by creation time and do not collide.
 *
 * @example newId('med') // 'med-019ab3f0c4d27a11b6d0e2c5a1f3b497'
 */
export function newId(prefix: IdPrefix, now = Date.now()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return `${prefix}-${bytes.toString('hex')}`
}

/** True if `text` is an id of this kind, either ours (32 hex digits) or the older tool's (8). */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}-`) && /^(?:[0-9a-f]{8}|[0-9a-f]{32})$/.test(text.slice(prefix.length + 1))
}
