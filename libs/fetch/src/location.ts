import { utf8 } from './head.ts'

/**
 * The URL in a Location header. Its bytes are preserved: valid UTF-8 is decoded; otherwise each non-ASCII byte is
 * percent-encoded as it is, since the encoding is unknown.
 * @param raw each character is one byte
 */
export function locationUrl(raw: string, base: URL): URL | undefined {
  const text =
    utf8(raw) ?? raw.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
  return URL.parse(text, base.href) ?? undefined
}
