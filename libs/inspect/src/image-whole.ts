import { NotMediaError } from '@mediakeep/content'
import { IMAGE_ENDS } from './image-end.ts'

/** What browsers look for in a file, wherever it stands. */
const MARKUP = /<(?:!doctype|html|script|svg|body|iframe|\?php)/i
/** A zip is found from its end, by its entries; the others begin where the image ends. */
const ZIP_ENTRY = 'PK\x03\x04'
const PROGRAMS = ['MZ', '\x7fELF', '%PDF-', '#!']

/**
 * Reads an image's structure to its end. Harmless bytes behind it are common (a second picture, a maker's
 * notes); something to be run is not.
 *
 * @throws NotMediaError `truncated`, `polyglot` or `undecodable`
 */
export function assertWhole(bytes: Buffer, mimeType: string): void {
  const findEnd = IMAGE_ENDS[mimeType]
  if (findEnd === undefined) return
  const end = findEnd(bytes)
  if (end === 'broken') throw new NotMediaError('undecodable', 'The image does not keep to its format')
  if (end === 'cut') throw new NotMediaError('truncated', 'The image ends in the middle')
  if (end < bytes.length && isForeign(bytes.toString('latin1', end))) {
    throw new NotMediaError('polyglot', 'Behind the end of the image stands something else')
  }
}

function isForeign(tail: string): boolean {
  return MARKUP.test(tail) || tail.includes(ZIP_ENTRY) || PROGRAMS.some((magic) => tail.startsWith(magic))
}
