import type { Sql } from '@mediakeep/sql'

export async function readSetting(sql: Sql, name: string): Promise<string | undefined> {
  const found = await sql.query<{ value: string }>(
    `SELECT value #>> '{}' AS value FROM mediakeep.settings WHERE name = $1`,
    [name],
  )
  return found.rows[0]?.value
}

/**
 * Returns a value that all processes on a database share: the first caller sets it, and it never changes.
 *
 * @example await sharedSetting(sql, 'signing_secret', () => randomBytes(32).toString('hex'))
 */
export async function sharedSetting(sql: Sql, name: string, create: () => string): Promise<string> {
  const found = await readSetting(sql, name)
  if (found !== undefined) return found
  await sql.query(
    `INSERT INTO mediakeep.settings (name, value) VALUES ($1, to_jsonb($2::text)) ON CONFLICT (name) DO NOTHING`,
    [name, create()],
  )
  return sharedSetting(sql, name, create)
}

/** Writes a value that all processes on a database share, and that may change. */
export async function writeSetting(sql: Sql, name: string, value: string): Promise<void> {
  await sql.query(
    `INSERT INTO mediakeep.settings (name, value) VALUES ($1, to_jsonb($2::text))
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()
     WHERE settings.value IS DISTINCT FROM excluded.value`,
    [name, value],
  )
}
