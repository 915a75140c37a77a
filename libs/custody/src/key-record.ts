import type { JsonObject } from './canonical-json.ts'
import { domain } from './digest.ts'
import type { EntryRecord } from './entry.ts'
import { openPublicKey, type PublicKey, type SigningKey } from './signing-key.ts'

const ROTATION = domain('rotation')

/** Details of the entry that announces the first key. */
export function keyCreation(key: PublicKey): JsonObject {
  return { key: key.fingerprint, publicKey: key.der.toString('base64') }
}

/**
 * Details of the entry that replaces a key. The old key signs because nobody else may name its successor, and the new
 * one because otherwise anybody could claim to precede it.
 */
export function keyRotation(old: SigningKey, next: SigningKey): JsonObject {
  const signed = rotation(old.publicKey, next.publicKey)
  return {
    ...keyCreation(next.publicKey),
    from: old.publicKey.fingerprint,
    oldSignature: old.sign(signed).toString('base64'),
    newSignature: next.sign(signed).toString('base64'),
  }
}

function rotation(old: PublicKey, next: PublicKey): Buffer {
  return Buffer.concat([ROTATION, Buffer.from(`${old.fingerprint} ${next.fingerprint}`)])
}

/** The keys that a log announces, in their order. The last one signs. */
export type KeyLine = readonly PublicKey[]

/**
 * Adds the key of a `key_created` or `key_rotated` entry.
 *
 * @returns undefined if the entry does not prove that the key follows the ones before it
 */
export function followKeys(line: KeyLine, { kind, details }: EntryRecord): KeyLine | undefined {
  const key = openKey(details)
  const last = line.at(-1)
  if (!key) return undefined
  if (kind === 'key_created') return last === undefined ? [key] : undefined
  if (last === undefined || details['from'] !== last.fingerprint) return undefined
  const signed = rotation(last, key)
  const isSigned =
    last.verify(signed, bytes(details['oldSignature'])) && key.verify(signed, bytes(details['newSignature']))
  return isSigned ? [...line, key] : undefined
}

function openKey(details: JsonObject): PublicKey | undefined {
  try {
    const key = openPublicKey(bytes(details['publicKey']))
    return key.fingerprint === details['key'] ? key : undefined
  } catch {
    return undefined
  }
}

function bytes(base64: unknown): Buffer {
  return Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64')
}
