import type { Sql } from '@mediakeep/sql'
import { HiddenRowsError } from './errors.ts'
import { findForeignKeys, refuseReferences, type ForeignKey } from './foreign-keys.ts'
import { selectHidden, selectOid, selectRole } from './references.sql.ts'

const MEDIA = 'public.post_media'

/**
 * Moves every reference from a duplicate to its survivor, and throws if a row would be left behind for the foreign
 * key to delete.
 * @throws HiddenRowsError, ReferencedDuplicatesError
 */
export async function repoint(
  sql: Sql,
  losers: readonly string[],
  survivors: readonly string[],
): Promise<void> {
  const keys = await findForeignKeys(sql, await oidOf(sql, MEDIA))
  const hidden = keys.filter(({ isHidden }) => isHidden).map(({ table }) => table)
  if (hidden.length > 0) throw new HiddenRowsError([...new Set(hidden)], await currentRole(sql))
  for (const key of keys) {
    const column = key.referring[key.referred.indexOf('media_id')]
    if (column === undefined) continue
    await sql.query('SAVEPOINT repoint')
    try {
      await sql.query(
        `UPDATE ${key.table} r SET ${column} = k.survivor_id
         FROM unnest($1::text[], $2::text[]) k (loser_id, survivor_id) WHERE r.${column} = k.loser_id`,
        [losers, survivors],
      )
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      await sql.query('ROLLBACK TO SAVEPOINT repoint')
      await repointOneByOne(sql, key, column, losers, survivors)
    }
    await sql.query('RELEASE SAVEPOINT repoint')
  }
  await refuseReferences(sql, keys, MEDIA, 'm.media_id = ANY ($1)', [losers])
}

/** Throws if this role sees only some rows of a table. @throws HiddenRowsError */
export async function refuseHiddenRows(sql: Sql, tables: readonly string[]): Promise<void> {
  const { rows } = await selectHidden(sql, [tables])
  if (rows.length > 0) {
    throw new HiddenRowsError(
      rows.map(({ name }) => name),
      await currentRole(sql),
    )
  }
}

async function oidOf(sql: Sql, table: string): Promise<string> {
  const { rows } = await selectOid(sql, [table])
  return rows[0]!.oid
}

async function currentRole(sql: Sql): Promise<string> {
  const { rows } = await selectRole(sql)
  return rows[0]!.role
}

/**
 * Handles a duplicate's row that the survivor already has (the same tag, for example). Saves it beside its merged
 * media row, under `references`, and deletes it, unless other rows refer to it.
 */
async function repointOneByOne(
  sql: Sql,
  { table, tableOid }: ForeignKey,
  column: string,
  losers: readonly string[],
  survivors: readonly string[],
): Promise<void> {
  const keysToTable = await findForeignKeys(sql, tableOid)
  const hidden = keysToTable.filter(({ isHidden }) => isHidden).map((key) => key.table)
  if (hidden.length > 0) throw new HiddenRowsError([...new Set(hidden)], await currentRole(sql))
  const { rows } = await sql.query<{ place: string[]; loser: string; survivor: string }>(
    `SELECT ARRAY[r.tableoid::text, r.ctid::text] AS place, k.loser_id AS loser, k.survivor_id AS survivor
     FROM ${table} r JOIN unnest($1::text[], $2::text[]) k (loser_id, survivor_id) ON r.${column} = k.loser_id FOR UPDATE OF r`,
    [losers, survivors],
  )
  const here = 'r.tableoid = $1::oid AND r.ctid = $2::tid'
  for (const { place, loser, survivor } of rows) {
    await sql.query('SAVEPOINT one')
    try {
      await sql.query(`UPDATE ${table} r SET ${column} = $3 WHERE ${here}`, [...place, survivor])
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      await sql.query('ROLLBACK TO SAVEPOINT one')
      await refuseReferences(sql, keysToTable, table, here.replaceAll('r.', 'm.'), place)
      await sql.query(
        `UPDATE mediakeep.merged_media m SET merged_row = m.merged_row || jsonb_build_object('references',
           coalesce(m.merged_row -> 'references', '[]') || jsonb_build_object('table', $4::text, 'row', to_jsonb(r)))
         FROM ${table} r WHERE ${here} AND m.media_id = $3`,
        [...place, loser, table],
      )
      await sql.query(`DELETE FROM ${table} r WHERE ${here}`, place)
    }
    await sql.query('RELEASE SAVEPOINT one')
  }
}

const isUniqueViolation = (error: unknown): boolean => (error as { code?: string }).code === '23505'
