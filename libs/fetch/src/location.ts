import { utf8 } from './head.ts'

/**
 * The URL that a Location header leads to. Its bytes are kept: UTF-8 is read as that, and in other encodings each byte
 * above ASCII is percent-encoded as it is, since nobody says which encoding it is.
 * @param raw a character is a byte
 */
export function locationUrl(raw: string, base: URL): URL | undefined {
  const text =
    utf8(raw) ?? raw.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
  return URL.parse(text, base.href) ?? undefined
}
