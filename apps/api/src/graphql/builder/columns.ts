import type { Selection } from './selection.ts'

/** Returns the column name that the Prisma schema gives a field: `sha256Sum` → `sha256_sum`. */
function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** SQL: selects columns of `alias` under the names of their fields, with a prefix. */
export function selectList(alias: string, fields: readonly string[], prefix = ''): string {
  return fields.map((field) => `${alias}.${columnOf(field)} AS "${prefix}${field}"`).join(', ')
}

/** Maps the fields of a type to the table columns they need. */
export interface TypeColumns {
  /** All columns of the table. */
  readonly columns: ReadonlySet<string>
  /** Columns that are always read. */
  readonly always: readonly string[]
  /** The columns of fields that need other columns than the one of the same name. */
  readonly madeOf: Readonly<Record<string, readonly string[]>>
}

/** Returns the columns that a selection needs. */
export function columnsFor({ columns, always, madeOf }: TypeColumns, selection: Selection): string[] {
  const needed = new Set(always)
  for (const field of selection.keys()) {
    const made = Object.hasOwn(madeOf, field) ? madeOf[field]! : columns.has(field) ? [field] : []
    for (const column of made) needed.add(column)
  }
  return [...needed]
}

/** Moves the columns of a joined table, read as `post.url`, into an object per row: `post: { url }`. */
export function nestColumns(rows: readonly object[], name: string): void {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column.startsWith(`${name}.`))
  if (columns.length === 0) return
  const fields = columns.map((column) => column.slice(name.length + 1))
  for (const row of rows as Record<string, unknown>[]) {
    const joined: Record<string, unknown> = {}
    for (let at = 0; at < columns.length; at++) joined[fields[at]!] = row[columns[at]!]
    row[name] = joined
  }
}
