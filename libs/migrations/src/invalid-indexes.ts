import type pg from 'pg'
import type { Migration } from './migration-files.ts'

const CREATE =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(\S+)\s+on\s+(?:only\s+)?([\w".]+)/i

interface ConcurrentIndex {
  /** As the statement writes it, with the table's schema. */
  readonly name: string
  readonly statement: string
  readonly migration: string
}

/**
 * Drops indexes that a CREATE INDEX CONCURRENTLY of these migrations left half-built, and makes those of
 * already recorded migrations again. (IF NOT EXISTS would take a half-built index for a whole one.)
 * @returns their names
 */
export async function rebuildInvalidIndexes(
  client: pg.Client,
  migrations: readonly Migration[],
  applied: ReadonlySet<string>,
): Promise<string[]> {
  const invalid = await findInvalidIndexes(client, migrations)
  for (const { name, statement, migration } of invalid) {
    await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`)
    if (applied.has(migration)) await client.query(statement)
  }
  return invalid.map((index) => index.name)
}

export async function findInvalidIndexes(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<ConcurrentIndex[]> {
  const indexes = migrations.flatMap(({ name, up }) =>
    up.statements.flatMap((statement) => concurrentIndex(statement, name)),
  )
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) name JOIN pg_index i ON i.indexrelid = to_regclass(name) WHERE NOT i.indisvalid`,
    [indexes.map((index) => index.name)],
  )
  return indexes.filter((index) => rows.some((row) => row.name === index.name))
}

function concurrentIndex(statement: string, migration: string): ConcurrentIndex[] {
  const [, index, table] = CREATE.exec(statement) ?? []
  if (!index || !table) return []
  // An index lives in its table's schema.
  const schema = table.includes('.') ? table.slice(0, table.lastIndexOf('.') + 1) : ''
  return [{ name: `${schema}${index}`, statement, migration }]
}
