import { randomBytes } from 'node:crypto'
import { DIGEST_BYTES, domain, equalBytes, sha256 } from './digest.ts'

/**
 * A value that the chain only commits to. While salt and value exist, they prove what the entry said; after both are
 * erased, the commitment reveals nothing, because the salt has 256 random bits.
 */
export interface CommittedValue {
  readonly salt: Uint8Array
  readonly value: string
}

const VALUE = domain('value')

export function newSalt(): Buffer {
  return randomBytes(DIGEST_BYTES)
}

/** Returns the commitment to a value, in hex. */
export function commitmentTo({ salt, value }: CommittedValue): string {
  return sha256(VALUE, salt, Buffer.from(value)).toString('hex')
}

export function isCommittedValue(commitment: string, { salt, value }: CommittedValue): boolean {
  // A salt of another length could move the border between salt and value.
  return (
    salt.length === DIGEST_BYTES &&
    equalBytes(Buffer.from(commitmentTo({ salt, value })), Buffer.from(commitment))
  )
}
