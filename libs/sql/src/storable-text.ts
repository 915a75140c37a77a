/** Text from outside as PostgreSQL takes it: without the character NUL and half surrogate pairs, and not without end. */
export function storableText(text: string, maxLength: number): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, maxLength).toWellFormed()
}
