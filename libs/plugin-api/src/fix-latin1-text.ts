import { isUtf8 } from 'node:buffer'

/** A character that is one byte in Latin-1 and not ASCII. */
const HIGH_LATIN1 = /[\u0080-\u00ff]/
const BEYOND_LATIN1 = /[^\0-\u00ff]/

/**
 * Repairs UTF-8 text that was decoded as Latin-1, as in the exports of Facebook and Instagram: `CafÃ©` becomes `Café`.
 * Text that cannot be such a mistake is returned unchanged, so correct text may be passed too.
 */
export function fixLatin1Text(text: string): string {
  if (!HIGH_LATIN1.test(text) || BEYOND_LATIN1.test(text)) return text
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : text
}
