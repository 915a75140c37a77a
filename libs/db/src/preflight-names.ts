import { refusal, type Finding, type Migration } from '@mediakeep/migrations'
import type { Sql } from '@mediakeep/sql'
import { schema } from './contract/schema.ts'

const ALTER = /^alter\s+table\s+(?:only\s+)?public\.(\w+)\s/i

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
}

/** Finds missing or wrongly typed columns, and columns whose names a pending migration needs. */
export async function checkColumns(sql: Sql, pending: readonly Migration[]): Promise<Finding[]> {
  const { rows } = await sql.query<Column>(
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = to_regnamespace('public') AND c.relkind = 'r'`,
  )
  const coming = addedColumns(pending)
  // With IF NOT EXISTS, a column with the right type may already exist.
  const ours = added(pending, /add\s+column\s+(?!if\s)(\w+)/gi)
  const findings: Finding[] = []
  for (const { table, columns = {} } of schema.tables) {
    const [space, plain] = table.split('.') as [string, string]
    const found = rows.filter((row) => row.table === plain)
    if (space !== 'public' || found.length === 0) continue
    for (const [name, definition] of Object.entries(columns)) {
      const column = found.find((row) => row.name === name)
      const isAdded = ours.has(`${plain}.${name}`)
      const type = definition.split(/ (?:not null|default|collate|generated)\b/)[0]!
      if (column === undefined) {
        const comes = coming.has(`${plain}.${name}`)
        if (!comes)
          findings.push(
            refusal(`${table} has no column ${name}`, `Run ALTER TABLE ${table} ADD COLUMN ${name} ${type}`),
          )
      } else if (isAdded) {
        findings.push(
          refusal(
            `${table} already has a column ${name} (${column.type}), a name that Mediakeep needs`,
            `Run ALTER TABLE ${table} RENAME COLUMN ${name} TO another name`,
          ),
        )
      } else if (column.type !== type) {
        findings.push(
          refusal(
            `${table}.${name} is ${column.type}, not ${type}`,
            `Run ALTER TABLE ${table} ALTER COLUMN ${name} TYPE ${type} (views that read it must be made again)`,
          ),
        )
      }
    }
  }
  return findings
}

/** Finds names that pending migrations give to indexes and constraints but that are already taken. */
export async function checkNames(sql: Sql, pending: readonly Migration[]): Promise<Finding[]> {
  const indexes = pending.flatMap(({ up }) =>
    up.statements.flatMap((statement) => {
      const [, name, table] =
        /^create\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(\w+)\s+on\s+public\.(\w+)/i.exec(
          statement,
        ) ?? []
      return name && table ? [{ name, table }] : []
    }),
  )
  const { rows } = await sql.query<{ name: string; holder: string }>(
    `SELECT u.name, coalesce(i.indrelid::regclass::text, 'a ' || CASE c.relkind WHEN 'r' THEN 'table' ELSE 'relation' END) AS holder
     FROM unnest($1::text[], $2::text[]) u (name, on_table)
     JOIN pg_class c ON c.relnamespace = to_regnamespace('public') AND c.relname = u.name
     LEFT JOIN pg_index i ON i.indexrelid = c.oid
     WHERE i.indrelid IS DISTINCT FROM to_regclass('public.' || u.on_table)`,
    [indexes.map(({ name }) => name), indexes.map(({ table }) => table)],
  )
  const constraints = [
    ...added(pending, /(?<!drop\s+constraint\s+if\s+exists\s+\w+,\s*)add\s+constraint\s+(\w+)/gi),
  ]
  const taken = await sql.query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
     JOIN pg_class c ON c.oid = conrelid AND c.relnamespace = to_regnamespace('public')
     WHERE c.relname || '.' || conname = ANY ($1)`,
    [constraints],
  )
  return [
    ...rows.map(({ name, holder }) =>
      refusal(
        `the name ${name} of an index belongs to ${holder}`,
        `Run ALTER INDEX or ALTER TABLE public.${name} RENAME TO another name`,
      ),
    ),
    ...taken.rows.map(({ table, name }) =>
      refusal(
        `${table} already has a constraint ${name}`,
        `Run ALTER TABLE ${table} RENAME CONSTRAINT ${name} TO another name`,
      ),
    ),
  ]
}

/** Returns `table.column` for each column that the migrations add to tables in public. */
export function addedColumns(migrations: readonly Migration[]): Set<string> {
  return added(migrations, /add\s+column\s+(?:if\s+not\s+exists\s+)?(\w+)/gi)
}

/** Returns `table.name` for what the migrations add to tables in public. */
function added(migrations: readonly Migration[], pattern: RegExp): Set<string> {
  const names = migrations.flatMap(({ up }) =>
    up.statements.flatMap((statement) => {
      const table = ALTER.exec(statement)?.[1]
      return table ? [...statement.matchAll(pattern)].map(([, name]) => `${table}.${name!}`) : []
    }),
  )
  return new Set(names)
}
