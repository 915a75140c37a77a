import type { Sql } from '@mediakeep/sql'
import { insertSetting, selectSetting, upsertSetting } from './settings.sql.ts'

export async function readSetting(sql: Sql, name: string): Promise<string | undefined> {
  const found = await selectSetting(sql, [name])
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
  await insertSetting(sql, [name, create()])
  return sharedSetting(sql, name, create)
}

/** Writes a value that all processes on a database share, and that may change. */
export async function writeSetting(sql: Sql, name: string, value: string): Promise<void> {
  await upsertSetting(sql, [name, value])
}
