import type { Sql } from '@mediakeep/sql'

/** Writes one event with this many media changes in one statement, as writers do. */
export async function write(sql: Sql, name: string, changes = 1): Promise<void> {
  await sql.query(
    `WITH changed AS (SELECT $1 || '-' || n AS media_id FROM generate_series(1, $2::integer) n)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', media_id, 'postId', 'p-1', 'what', 'fate',
       'from', 'waiting', 'to', 'fetched')) FROM changed HAVING count(*) > 0`,
    [name, changes],
  )
}

/** A promise and the function that resolves it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  return { opened: promise.then(() => undefined), open: () => resolve(undefined) }
}

/**
 * Puts the log in the state of a server that took over without the last commits: events after `last` are gone, their
 * identities will be reused, and the origin is that of the lost server.
 */
export async function loseEventsAfter(sql: Sql, last: number): Promise<void> {
  await sql.query('DELETE FROM mediakeep.events WHERE number > $1 OR number IS NULL', [last])
  await sql.query(`UPDATE mediakeep.event_log SET last_number = $1, origin = '7/00000001/5'`, [last])
  await sql.query(`SELECT setval('mediakeep.events_event_id_seq', $1)`, [last])
}
