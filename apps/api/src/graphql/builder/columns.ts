import type { Selection } from './selection.ts'

/** `sha256Sum` → `sha256_sum`: how the Prisma schema names every column. */
function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** SQL: columns of `alias` under their fields' names, behind a prefix. */
export function selectList(alias: string, fields: readonly string[], prefix = ''): string {
  return fields.map((field) => `${alias}.${columnOf(field)} AS "${prefix}${field}"`).join(', ')
}

/** Which columns of a table a type's fields are made of. */
export interface TypeColumns {
  /** Every column there is. */
  readonly columns: ReadonlySet<string>
  /** Read whatever is asked for. */
  readonly always: readonly string[]
  /** Fields that are not the column of the same name. */
  readonly madeOf: Readonly<Record<string, readonly string[]>>
}

/** The columns that a selection needs. */
export function columnsFor({ columns, always, madeOf }: TypeColumns, selection: Selection): string[] {
  const needed = new Set(always)
  for (const field of selection.keys()) {
    const made = Object.hasOwn(madeOf, field) ? madeOf[field]! : columns.has(field) ? [field] : []
    for (const column of made) needed.add(column)
  }
  return [...needed]
}

/** Gathers the columns of a joined table, read as `post.url`, into an object of each row's own: `post: { url }`. */
export function gather(rows: readonly object[], name: string): void {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column.startsWith(`${name}.`))
  if (columns.length === 0) return
  const fields = columns.map((column) => column.slice(name.length + 1))
  for (const row of rows as Record<string, unknown>[]) {
    const joined: Record<string, unknown> = {}
    for (let at = 0; at < columns.length; at++) joined[fields[at]!] = row[columns[at]!]
    row[name] = joined
  }
}
