/** Credentials and XMP are untrusted input: each text is cut to this length. */
const MAX_CHARS = 500

/** Returns a text that PostgreSQL can store, cut with a mark; undefined for anything that is not text. */
export function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = value.replaceAll('\0', '').toWellFormed().trim()
  if (plain === '') return undefined
  return plain.length > MAX_CHARS ? `${plain.slice(0, MAX_CHARS - 1).toWellFormed()}…` : plain
}
