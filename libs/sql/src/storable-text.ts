/** Makes external text storable in PostgreSQL: without NUL and half surrogate pairs, and limited in length. */
export function storableText(text: string, maxLength: number): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, maxLength).toWellFormed()
}
