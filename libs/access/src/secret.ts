import { createHash, randomBytes } from 'node:crypto'

const PREFIX = 'mk_'
const RANDOM_BYTES = 32

/** Creates a token's secret: 256 random bits in base64url, with a prefix that secret scanners can recognise. */
export function newSecret(): string {
  return PREFIX + randomBytes(RANDOM_BYTES).toString('base64url')
}

/** True if the text has the format of one of our secrets. */
export function isSecret(text: string): boolean {
  return /^mk_[\w-]{43}$/.test(text)
}

/**
 * Returns what is stored of a secret: its SHA-256 in hex. Lookups use the hash, so that timing does not reveal how much
 * of a secret was guessed right; a 256-bit secret cannot be guessed, so no slow hash is needed.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
