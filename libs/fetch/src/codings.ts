import { FetchError } from '@mediakeep/content'

export type Coding = 'gzip' | 'br' | 'zstd' | 'deflate'

const NAMES: Readonly<Record<string, Coding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  br: 'br',
  zstd: 'zstd',
  deflate: 'deflate',
}

const MAX_LAYERS = 2

/**
 * The codings that a server applied although the request excluded them, in the order of application. Unknown codings
 * (`aws-chunked`, `utf-8`, `none` …) are mistakes in somebody's metadata; the bytes decide later.
 * @throws FetchError `encoding` for more than two codings
 */
export function contentCodings(value: string | undefined, what: string): Coding[] {
  const names = (value ?? '').split(',').map((name) => name.trim().toLowerCase())
  const codings = names.filter((name) => Object.hasOwn(NAMES, name)).map((name) => NAMES[name]!)
  if (codings.length <= MAX_LAYERS) return codings
  throw new FetchError('rejected', 'encoding', `${what}: compressed more than twice`)
}

/** Long enough for each of the signatures below. */
export const PEEKED_BYTES = 12

/** The first bytes of media and archives, as Latin-1; `brotli` and raw `deflate` have no signature of their own. */
/* eslint-disable no-control-regex -- signatures are bytes */
const PLAIN = [
  /^\xff\xd8\xff/, // JPEG
  /^\x89PNG\r\n/,
  /^GIF8[79]a/,
  /^RIFF....(?:WEBP|AVI |WAVE)/s,
  /^....ftyp/s, // MP4, HEIC, AVIF
  /^....JXL /s,
  /^\x1aE\xdf\xa3/, // WebM, Matroska
  /^%PDF-/,
  /^OggS/,
  /^ID3/,
  /^PK\x03\x04/,
  /^(?:II\*\0|MM\0\*)/, // TIFF
]

/** Returns true if bytes with this beginning can have this coding: servers announce codings that they did not apply. */
export function isApplied(coding: Coding, first: Buffer): boolean {
  if (coding === 'gzip') return first[0] === 0x1f && first[1] === 0x8b
  const text = first.toString('latin1')
  // A frame, or a skippable frame before it.
  if (coding === 'zstd') return /^(?:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)/.test(text)
  return !PLAIN.some((signature) => signature.test(text))
}
