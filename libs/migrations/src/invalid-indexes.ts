import type { Sql } from '@mediakeep/sql'
import type { Migration } from './migration-files.ts'

const CREATE =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(\S+)\s+on\s+(?:only\s+)?([\w".]+)/i

interface ConcurrentIndex {
  /** As written in the statement, with the table's schema. */
  readonly name: string
  readonly migration: string
}

/**
 * Drops indexes that a CREATE INDEX CONCURRENTLY of these migrations left half-built; their files then run again.
 * (IF NOT EXISTS would accept a half-built index as complete.) Indexes of recorded migrations are rebuilt alongside
 * the old ones, so that the next run can find them if the rebuild is interrupted too.
 * @returns their names
 */
export async function rebuildInvalidIndexes(
  sql: Sql,
  migrations: readonly Migration[],
  applied: ReadonlySet<string>,
): Promise<string[]> {
  const invalid = await findInvalidIndexes(sql, migrations)
  for (const { name, migration } of invalid) {
    if (!applied.has(migration)) await sql.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`)
    else await rebuild(sql, name)
  }
  return invalid.map((index) => index.name)
}

async function rebuild(sql: Sql, name: string): Promise<void> {
  // Leftovers of an interrupted REINDEX: https://www.postgresql.org/docs/current/sql-reindex.html
  const { rows } = await sql.query<{ leftover: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS leftover
     FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
     JOIN pg_class c ON c.relnamespace = n.oid AND c.relname ~ '_cc(new|old)\\d*$'
       AND starts_with(c.relname, left(o.relname, 50)) JOIN pg_index i ON i.indexrelid = c.oid
     WHERE o.oid = to_regclass($1) AND NOT i.indisvalid
       AND i.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = o.oid)`,
    [name],
  )
  for (const { leftover } of rows) await sql.query(`DROP INDEX CONCURRENTLY IF EXISTS ${leftover}`)
  await sql.query(`REINDEX INDEX CONCURRENTLY ${name}`)
}

export async function findInvalidIndexes(
  sql: Sql,
  migrations: readonly Migration[],
): Promise<ConcurrentIndex[]> {
  const indexes = migrations.flatMap(({ name, up }) =>
    up.statements.flatMap((statement) => concurrentIndex(statement, name)),
  )
  const { rows } = await sql.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) name JOIN pg_index i ON i.indexrelid = to_regclass(name) WHERE NOT i.indisvalid`,
    [indexes.map((index) => index.name)],
  )
  return indexes.filter((index) => rows.some((row) => row.name === index.name))
}

function concurrentIndex(statement: string, migration: string): ConcurrentIndex[] {
  const [, index, table] = CREATE.exec(statement) ?? []
  if (!index || !table) return []
  // An index is in its table's schema.
  const schema = table.includes('.') ? table.slice(0, table.lastIndexOf('.') + 1) : ''
  return [{ name: `${schema}${index}`, migration }]
}
