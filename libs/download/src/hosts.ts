import { awaitsDownload, CLAIMABLE } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'

/** A host with work available now. */
export interface HostWork {
  readonly host: string
  /** Unix time in milliseconds at which its most urgent row expires; Infinity if no row has a future deadline. */
  readonly deadline: number
  /** Number of connections it could use: free permits, limited by its number of rows. */
  readonly lanes: number
}

/**
 * Finds hosts with claimable rows and free permits, the earliest deadline first. Reads one index entry per host, and
 * a few of its rows, however many are waiting.
 */
export async function findHosts(sql: Sql, concurrencyPerHost: number, limit: number): Promise<HostWork[]> {
  const found = await sql.query<{ host: string; deadline: number | null; lanes: number }>(
    `WITH RECURSIVE hosts AS (
       (SELECT q.source_host AS host FROM public.post_media q WHERE ${awaitsDownload('q')} AND q.source_host IS NOT NULL
        ORDER BY q.source_host LIMIT 1)
       UNION ALL
       SELECT (SELECT q.source_host FROM public.post_media q WHERE ${awaitsDownload('q')} AND q.source_host > hosts.host
               ORDER BY q.source_host LIMIT 1)
       FROM hosts WHERE hosts.host IS NOT NULL)
     SELECT hosts.host, extract(epoch FROM urgent.at)::float8 * 1000 AS deadline,
       least(free.permits, work.rows)::int AS lanes
     FROM hosts
     CROSS JOIN LATERAL (SELECT $1 - count(*) AS permits FROM mediakeep.download_slots s
       WHERE s.host = hosts.host AND s.lease_expires_at > now()) free
     CROSS JOIN LATERAL (SELECT count(*) AS rows FROM (SELECT FROM public.post_media q
       WHERE ${CLAIMABLE} AND q.source_host = hosts.host
       ORDER BY q.url_expires_at, q.media_id LIMIT $1) claimable) work
     LEFT JOIN LATERAL (SELECT q.url_expires_at AS at FROM public.post_media q
       WHERE ${CLAIMABLE} AND q.source_host = hosts.host AND q.url_expires_at > now()
       ORDER BY q.url_expires_at, q.media_id LIMIT 1) urgent ON true
     WHERE hosts.host IS NOT NULL AND free.permits > 0 AND work.rows > 0
       AND NOT EXISTS (SELECT FROM mediakeep.download_hosts h WHERE h.host = hosts.host AND h.not_before > now())
     ORDER BY urgent.at NULLS LAST, random() LIMIT $2`,
    [concurrencyPerHost, limit],
  )
  return found.rows.map((row) => ({ ...row, deadline: row.deadline ?? Infinity }))
}

/**
 * Makes every process pause for a host. A host that asks again soon afterwards gets at least twice the last pause,
 * up to five minutes.
 *
 * @returns the length of the pause from now in seconds: longer than requested if a longer one was in effect
 */
export async function holdHost(sql: Sql, host: string, seconds: number, reason: string): Promise<number> {
  const held = await sql.query<{ seconds: number }>(
    `INSERT INTO mediakeep.download_hosts AS h (host, not_before, reason)
     VALUES ($1, now() + make_interval(secs => $2), $3)
     ON CONFLICT (host) DO UPDATE SET reason = excluded.reason,
       not_before = CASE
         WHEN h.not_before > now() THEN greatest(h.not_before, excluded.not_before)
         WHEN h.not_before > now() - interval '10 seconds' THEN greatest(excluded.not_before,
           now() + least((h.not_before - h.updated_at) * 2, interval '5 minutes'))
         ELSE excluded.not_before END,
       updated_at = CASE WHEN h.not_before > now() THEN h.updated_at ELSE now() END
     RETURNING extract(epoch FROM h.not_before - now())::float8 AS seconds`,
    [host, seconds, reason],
  )
  return held.rows[0]!.seconds
}

/** Removes the permits of dead processes and long-expired pauses. */
export async function sweepHosts(sql: Sql): Promise<void> {
  await sql.query(
    `DELETE FROM mediakeep.download_slots s USING (SELECT d.host, d.slot FROM mediakeep.download_slots d
       WHERE d.lease_expires_at < now() FOR UPDATE SKIP LOCKED) dead
     WHERE s.host = dead.host AND s.slot = dead.slot`,
  )
  await sql.query(
    `DELETE FROM mediakeep.download_hosts h USING (SELECT d.host FROM mediakeep.download_hosts d
       WHERE d.not_before < now() - interval '1 hour' FOR UPDATE SKIP LOCKED) over
     WHERE h.host = over.host`,
  )
}
