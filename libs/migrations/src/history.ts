import type { Sql } from '@mediakeep/sql'
import { parseName } from './migration-files.ts'

/** The table that holds a folder's migration history. */
export interface HistoryTable {
  readonly historySchema: string
  readonly historyTable: string
}

export interface HistoryEntry {
  readonly name: string
  readonly appliedAt: Date
  /** Checksum of the file as it was applied; null if an older migrator recorded none. */
  readonly checksum: string | null
  /** Reason why it counts as applied although it did not run: `adopted: …`. */
  readonly note: string | null
}

/** The setting that passes a migration's checksum to its history row, in the same transaction. */
export const CHECKSUM_SETTING = 'migrations.checksum'
const CHECKSUM = `checksum text DEFAULT nullif(current_setting('${CHECKSUM_SETTING}', true), '')`

const qualified = ({ historySchema, historyTable }: HistoryTable): string =>
  `${quote(historySchema)}.${quote(historyTable)}`
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Returns a table's columns, or none if the table does not exist or may not be read. */
async function columnsOf(sql: Sql, schema: string, table: string): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT a.attname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND c.relname = $2 AND has_schema_privilege(n.oid, 'USAGE')
       AND has_column_privilege(c.oid, a.attnum, 'SELECT')`,
    [schema, table],
  )
  return rows.map((row) => row.name)
}

/** Creates the schema and table in node-pg-migrate's format, plus our own columns. */
export async function createHistory(sql: Sql, table: HistoryTable): Promise<void> {
  const columns = await columnsOf(sql, table.historySchema, table.historyTable)
  if (columns.length === 0) {
    const schema = await sql.query('SELECT FROM pg_namespace WHERE nspname = $1', [table.historySchema])
    if (schema.rowCount === 0) await sql.query(`CREATE SCHEMA ${quote(table.historySchema)}`)
    await sql.query(
      `CREATE TABLE ${qualified(table)} (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL,
         ${CHECKSUM}, note text)`,
    )
  } else if (!columns.includes('note')) {
    await sql.query(
      `ALTER TABLE ${qualified(table)} ADD COLUMN IF NOT EXISTS ${CHECKSUM}, ADD COLUMN IF NOT EXISTS note text`,
    )
  }
}

/** Returns the applied migrations, oldest first; empty if there is no history yet. */
export async function readHistory(sql: Sql, table: HistoryTable): Promise<HistoryEntry[]> {
  const columns = await columnsOf(sql, table.historySchema, table.historyTable)
  if (columns.length === 0) return []
  const { rows } = await sql.query<HistoryEntry>(
    `SELECT name, run_on AS "appliedAt", to_jsonb(h) ->> 'checksum' AS checksum, to_jsonb(h) ->> 'note' AS note
     FROM ${qualified(table)} h ORDER BY run_on, id`,
  )
  return rows
}

export async function recordAdopted(
  sql: Sql,
  table: HistoryTable,
  { name, checksum }: { readonly name: string; readonly checksum: string },
  reason: string,
): Promise<void> {
  await sql.query(
    `INSERT INTO ${qualified(table)} (name, run_on, checksum, note) VALUES ($1, now(), $2, $3)`,
    [name, checksum, `adopted: ${reason}`],
  )
}

/** Fills in missing checksums, left by older migrators, from the current files. */
export async function fillChecksums(
  sql: Sql,
  table: HistoryTable,
  migrations: readonly { readonly name: string; readonly checksum: string }[],
): Promise<void> {
  const known = (await readHistory(sql, table)).filter(({ checksum }) => checksum === null)
  const fill = migrations.filter(({ name }) => known.some((entry) => entry.name === name))
  if (fill.length === 0) return
  await sql.query(
    `UPDATE ${qualified(table)} h SET checksum = f.checksum FROM unnest($1::text[], $2::text[]) f (name, checksum)
     WHERE h.name = f.name AND h.checksum IS NULL`,
    [fill.map(({ name }) => name), fill.map(({ checksum }) => checksum)],
  )
}

/**
 * Returns a lookup from a migration to its versions in Supabase's own history, by title; always empty without such
 * a history. (Its oldest format has no titles, so there the version alone identifies a migration.)
 */
export async function supabaseVersions(sql: Sql): Promise<(name: string) => string[]> {
  const columns = await columnsOf(sql, 'supabase_migrations', 'schema_migrations')
  if (!columns.includes('version')) return () => []
  const title = columns.includes('name') ? 'name' : 'NULL::text'
  const { rows } = await sql.query<{ version: string; title: string | null }>(
    `SELECT version, ${title} AS title FROM supabase_migrations.schema_migrations ORDER BY version`,
  )
  return (name) => {
    const parsed = parseName(name)
    return rows
      .filter((row) => (row.title === null ? row.version === parsed?.version : row.title === parsed?.title))
      .map((row) => row.version)
  }
}

/** Finds the entry with the same title but another version: it was applied before its file was renamed. */
export function otherVersion(history: readonly HistoryEntry[], name: string): string | undefined {
  const title = parseName(name)?.title
  return history.find((entry) => entry.name !== name && parseName(entry.name)?.title === title)?.name
}
