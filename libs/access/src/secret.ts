import { createHash, randomBytes } from 'node:crypto'

const PREFIX = 'mk_'
const RANDOM_BYTES = 32

/** A new token's secret: 256 random bits in base64url behind a prefix that secret scanners can know it by. */
export function newSecret(): string {
  return PREFIX + randomBytes(RANDOM_BYTES).toString('base64url')
}

/** Whether text has the form of a secret of ours. */
export function isSecret(text: string): boolean {
  return /^mk_[\w-]{43}$/.test(text)
}

/**
 * What is stored of a secret: its SHA-256 in hex. It is looked up by this, so that no comparison of secrets
 * takes longer the more of one was guessed; and nobody guesses 256 bits, so that no slow hash is needed.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
