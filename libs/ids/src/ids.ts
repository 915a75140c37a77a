import { randomBytes } from 'node:crypto'

/** `p` a post, `med` a media item, `run` an import run, `dl` an engagement snapshot, `tok` an API token. */
export type IdPrefix = 'p' | 'med' | 'run' | 'dl' | 'tok'

/**
 * A new id: the prefix and a UUIDv7 (RFC 9562) in hex, so that ids sort by time of creation and cannot collide.
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

/** Whether `text` is an id of that kind: ours (32 hex digits) or one of the older tool's (8). */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}-`) && /^(?:[0-9a-f]{8}|[0-9a-f]{32})$/.test(text.slice(prefix.length + 1))
}
