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
