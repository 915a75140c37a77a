import type { Sql } from '@mediakeep/sql'

export type ThroughputUnit = 'hour' | 'day'

/** Work completed in the unit of time that begins at `start`. */
export interface Throughput {
  readonly start: Date
  /** Media items whose bytes arrived. */
  readonly fetched: number
  /** Distinct contents uploaded. */
  readonly archived: number
  /** Media items whose analysis was completed. */
  readonly analysed: number
}

/** Number of units, including the current one. */
const UNITS = { hour: 24, day: 30 } as const

/**
 * Counts the last 24 hours by hour, or the last 30 days by day, in UTC, including empty units. Uses the times in the
 * rows: repeated work counts only at its last time. One pass over the rows and one over the contents.
 */
export async function throughput(sql: Sql, unit: ThroughputUnit): Promise<Throughput[]> {
  const { rows } = await sql.query<Throughput>(
    `WITH times AS MATERIALIZED (
       SELECT date_trunc($1, now(), 'UTC') - make_interval(hours => $2::int) + n * make_interval(hours => $3::int) AS start
       FROM generate_series(0, $4::int) n),
     media AS (
       SELECT date_trunc($1, d.at, 'UTC') AS start, count(*) FILTER (WHERE d.what = 'fetched') AS fetched,
         count(*) FILTER (WHERE d.what = 'analysed') AS analysed
       FROM public.post_media m
       CROSS JOIN LATERAL (VALUES ('fetched', m.fetched_at),
         ('analysed', CASE m.ai_analysis_status WHEN 'completed' THEN m.ai_analyzed_at END)) d (what, at)
       WHERE d.at >= (SELECT min(start) FROM times) AND d.at <= now() GROUP BY 1),
     contents AS (
       SELECT date_trunc($1, c.archived_at, 'UTC') AS start, count(*) AS archived
       FROM mediakeep.contents c WHERE c.archived_at >= (SELECT min(start) FROM times) AND c.archived_at <= now() GROUP BY 1)
     SELECT times.start, coalesce(media.fetched, 0) AS fetched, coalesce(contents.archived, 0) AS archived,
       coalesce(media.analysed, 0) AS analysed
     FROM times LEFT JOIN media USING (start) LEFT JOIN contents USING (start) ORDER BY 1`,
    [unit, (UNITS[unit] - 1) * hoursOf(unit), hoursOf(unit), UNITS[unit] - 1],
  )
  return rows
}

function hoursOf(unit: ThroughputUnit): number {
  return unit === 'day' ? 24 : 1
}
