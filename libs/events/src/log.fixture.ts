import type { Sql } from '@mediakeep/sql'

/** Writes one event of so many media changes, as writers do: within a statement. */
export async function write(sql: Sql, name: string, changes = 1): Promise<void> {
  await sql.query(
    `WITH changed AS (SELECT $1 || '-' || n AS media_id FROM generate_series(1, $2::integer) n)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', media_id, 'postId', 'p-1', 'what', 'fate',
       'from', 'waiting', 'to', 'fetched')) FROM changed HAVING count(*) > 0`,
    [name, changes],
  )
}

/** A promise, and what settles it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  return { opened: promise.then(() => undefined), open: () => resolve(undefined) }
}

/**
 * Leaves the log as a server has it that took over without the last commits: events beyond `last` are gone, their
 * identities are given out again, and the origin is the lost server's.
 */
export async function loseEventsAfter(sql: Sql, last: number): Promise<void> {
  await sql.query('DELETE FROM mediakeep.events WHERE number > $1 OR number IS NULL', [last])
  await sql.query(`UPDATE mediakeep.event_log SET last_number = $1, origin = '7/00000001/5'`, [last])
  await sql.query(`SELECT setval('mediakeep.events_event_id_seq', $1)`, [last])
}
