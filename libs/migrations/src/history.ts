import type pg from 'pg'
import { parseName } from './migration-files.ts'

/** Where a folder's history is kept. */
export interface HistoryTable {
  readonly historySchema: string
  readonly historyTable: string
}

export interface HistoryEntry {
  readonly name: string
  readonly appliedAt: Date
}

type Client = Pick<pg.ClientBase, 'query'>

const qualified = ({ historySchema, historyTable }: HistoryTable): string =>
  `${quote(historySchema)}.${quote(historyTable)}`
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

async function exists(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    table,
  ])
  return rows[0]!.found
}

/** Creates schema and table, in the form node-pg-migrate gives its own. */
export async function createHistory(client: Client, table: HistoryTable): Promise<void> {
  if (await exists(client, qualified(table))) return
  const schema = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [table.historySchema])
  if (schema.rowCount === 0) await client.query(`CREATE SCHEMA ${quote(table.historySchema)}`)
  await client.query(
    `CREATE TABLE ${qualified(table)} (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
  )
}

/** What was applied, oldest first; empty when there is no history yet. */
export async function readHistory(client: Client, table: HistoryTable): Promise<HistoryEntry[]> {
  if (!(await exists(client, qualified(table)))) return []
  const { rows } = await client.query<HistoryEntry>(
    `SELECT name, run_on AS "appliedAt" FROM ${qualified(table)} ORDER BY run_on, id`,
  )
  return rows
}

export async function recordApplied(client: Client, table: HistoryTable, name: string): Promise<void> {
  await client.query(`INSERT INTO ${qualified(table)} (name, run_on) VALUES ($1, now())`, [name])
}

/** Under which versions Supabase's own history knows a migration of this title; empty without such a history. */
export async function supabaseVersions(client: Client, title: string): Promise<string[]> {
  if (!(await exists(client, 'supabase_migrations.schema_migrations'))) return []
  const { rows } = await client.query<{ version: string }>(
    'SELECT version FROM supabase_migrations.schema_migrations WHERE name = $1 ORDER BY version',
    [title],
  )
  return rows.map((row) => row.version)
}

/** The history's entry of the same title under another version: one migration, applied before its file was renamed. */
export function otherVersion(history: readonly HistoryEntry[], name: string): string | undefined {
  const title = parseName(name)?.title
  return history.find((entry) => entry.name !== name && parseName(entry.name)?.title === title)?.name
}
