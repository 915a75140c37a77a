import type { Sql } from '@mediakeep/sql'

/** A foreign key of somebody's table to `post_media.media_id`. */
interface Reference {
  /** Quoted, with its schema. */
  readonly table: string
  readonly column: string
}

/** Makes every row that refers to a duplicate refer to its survivor. */
export async function repoint(
  sql: Sql,
  losers: readonly string[],
  survivors: readonly string[],
): Promise<void> {
  for (const reference of await findReferences(sql)) {
    await sql.query('SAVEPOINT repoint')
    try {
      await sql.query(
        `UPDATE ${reference.table} r SET ${reference.column} = k.survivor_id
         FROM unnest($1::text[], $2::text[]) k (loser_id, survivor_id) WHERE r.${reference.column} = k.loser_id`,
        [losers, survivors],
      )
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      await sql.query('ROLLBACK TO SAVEPOINT repoint')
      await repointOneByOne(sql, reference, losers, survivors)
    }
    await sql.query('RELEASE SAVEPOINT repoint')
  }
}

async function findReferences(sql: Sql): Promise<Reference[]> {
  const { rows } = await sql.query<Reference>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, quote_ident(a.attname) AS column
     FROM pg_constraint f
     JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN LATERAL unnest(f.conkey, f.confkey) k (referring, referred)
     JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.referring
     JOIN pg_attribute m ON m.attrelid = f.confrelid AND m.attnum = k.referred AND m.attname = 'media_id'
     WHERE f.contype = 'f' AND f.confrelid = 'public.post_media'::regclass AND f.conparentid = 0`,
  )
  return rows
}

/**
 * The survivor has such a row already (the same tag, say): the duplicate's is kept beside its merged row, under
 * `references`, and leaves the table.
 */
async function repointOneByOne(
  sql: Sql,
  { table, column }: Reference,
  losers: readonly string[],
  survivors: readonly string[],
): Promise<void> {
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
