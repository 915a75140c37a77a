import type { Sql } from '@mediakeep/sql'
import { ReferencedDuplicatesError } from './errors.ts'
import { selectForeignKeys } from './foreign-keys.sql.ts'

/** A foreign key to one table, from any program. All names are quoted. */
export interface ForeignKey {
  /** The referring table, including its schema. */
  readonly table: string
  readonly tableOid: string
  /** Referring columns, and the referred ones in the same order. */
  readonly referring: readonly string[]
  readonly referred: readonly string[]
  /** True if row-level security hides rows of the table from this role. */
  readonly isHidden: boolean
}

/** Finds the foreign keys to a table. Leaves out those of partitions: their parent has the same. */
export async function findForeignKeys(sql: Sql, referredOid: string): Promise<ForeignKey[]> {
  const { rows } = await selectForeignKeys(sql, [referredOid])
  return rows
}

/**
 * Throws if rows still refer to rows that are about to be deleted.
 * @param doomed SQL condition on `m`, a row of the referred table
 * @throws ReferencedDuplicatesError
 */
export async function refuseReferences(
  sql: Sql,
  keys: readonly ForeignKey[],
  referred: string,
  doomed: string,
  values: readonly unknown[],
): Promise<void> {
  for (const key of keys) {
    const pairs = key.referring.map((column, index) => `r.${column} = m.${key.referred[index]!}`)
    const { rows } = await sql.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${referred} m JOIN ${key.table} r ON ${pairs.join(' AND ')} WHERE ${doomed}`,
      values,
    )
    if (rows[0]!.count > 0) throw new ReferencedDuplicatesError(key.table, referred, rows[0]!.count)
  }
}
