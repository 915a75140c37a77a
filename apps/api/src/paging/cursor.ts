/** A position in an ordered list: the order column's value (null in the part without values) and the row's key. */
export interface Position {
  readonly value: string | null
  readonly key: string
}

/** The cursor is not one of ours, or belongs to another order. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
  readonly code = 'invalid_cursor'
}

/** Encodes a column's values in cursors: as text, without loss. */
export interface CursorKind {
  /** SQL: converts the column to text. */
  write(column: string): string
  /** SQL: converts that text, bound at `parameter`, to a value comparable with the column. */
  read(parameter: string): string
  readonly pattern: RegExp
}

/** Encodes timestamps as whole microseconds since 1970: a JS Date drops them, and an import's rows share an instant. */
export const timestampKind: CursorKind = {
  write: (column) => `trunc(extract(epoch FROM ${column}) * 1000000)::text`,
  read: (parameter) => `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`,
  pattern: /^-?\d{1,17}$/,
}
export const bigintKind: CursorKind = {
  write: (column) => `${column}::text`,
  read: (parameter) => `${parameter}::bigint`,
  pattern: /^-?\d{1,18}$/,
}
export const textKind: CursorKind = {
  write: (column) => column,
  read: (parameter) => `${parameter}::text`,
  pattern: /^[^\0]*$/,
}

/** Encodes an opaque cursor; it includes the order's name, so that it cannot be used with another order. */
export function encodeCursor(order: string, { value, key }: Position): string {
  return Buffer.from(JSON.stringify([order, value, key])).toString('base64url')
}

/** @throws InvalidCursorError */
export function decodeCursor(
  order: { readonly name: string; readonly kind: CursorKind; readonly keyKind: CursorKind },
  cursor: string,
): Position {
  const [name, value, key] = parse(cursor)
  if (
    name !== order.name ||
    !(value === null || (typeof value === 'string' && order.kind.pattern.test(value))) ||
    !(typeof key === 'string' && order.keyKind.pattern.test(key))
  )
    throw new InvalidCursorError(`"${cursor.slice(0, 200)}" is not a cursor of this list in this order.`)
  return { value, key }
}

function parse(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) && parts.length === 3 ? (parts as unknown[]) : []
  } catch {
    return []
  }
}
