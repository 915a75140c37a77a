/**
 * Makes external text storable in PostgreSQL: without NUL and half surrogate pairs, and limited in length. Text that was
 * cut ends with "…".
 */
export function storableText(text: string, maxLength: number): string {
  const storable = text.replaceAll('\0', '').toWellFormed()
  if (storable.length <= maxLength) return storable
  // The cut may split a surrogate pair, whose first half is then left out.
  return `${storable.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
