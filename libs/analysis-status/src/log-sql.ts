import { TRUNCATED } from './log.ts'

/** Maximum entries of a log; a longer one keeps its first and last entries. */
export const MAX_LOG_EVENTS = 100
const KEPT_FIRST = 20
/** Leaves room for the first ones, the mark, and up to two new entries. */
const KEPT_LAST = MAX_LOG_EVENTS - KEPT_FIRST - 3

/** SQL: the current time by the database's clock, in the log's format. */
export const LOG_TIMESTAMP = `to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export interface LogEventSql {
  /** SQL literal: `'ai_analysis_started'`, including its quotes. */
  readonly event: string
  /** The row's status after the event. */
  readonly status: string
  readonly model?: string
  /** jsonb. */
  readonly details?: string
}

/** SQL of one event with the database's current time. Null members are left out. */
export function logEvent({ event, status, model = 'NULL', details = 'NULL' }: LogEventSql): string {
  return `jsonb_strip_nulls(jsonb_build_object(
    'timestamp', ${LOG_TIMESTAMP},
    'event', ${event}, 'status', ${status}, 'model', ${model}::text, 'details', ${details}::jsonb))`
}

/**
 * SQL of `log` (jsonb, null if empty) with events appended: one, or a jsonb array of several. A full log loses the
 * entries between its first and its last ones; a mark in their place has their number.
 */
export function appendToLog(log: string, events: string): string {
  return `((CASE
    WHEN jsonb_typeof(${log}) <> 'array' THEN jsonb_build_array(${log})
    WHEN jsonb_array_length(${log}) >= ${MAX_LOG_EVENTS - 1} THEN (${shortened(log)})
    ELSE coalesce(${log}, '[]') END) || ${events})`
}

function shortened(log: string): string {
  const mark = `${log} -> ${KEPT_FIRST}`
  const isMarked = `${mark} ->> 'event' = '${TRUNCATED}'`
  const cut = `jsonb_array_length(${log}) - ${KEPT_LAST}`
  // The mark has the time and status of the last entry it replaces, so that the log can be replayed across it.
  return `SELECT jsonb_agg(kept.entry ORDER BY kept.n) FROM (
      SELECT e.entry, e.n FROM jsonb_array_elements(${log}) WITH ORDINALITY e (entry, n)
      WHERE e.n <= ${KEPT_FIRST} OR e.n > ${cut}
      UNION ALL
      SELECT jsonb_build_object('timestamp', last.entry -> 'timestamp', 'event', '${TRUNCATED}',
        'status', last.entry -> 'status', 'details', jsonb_build_object('dropped', ${cut} - ${KEPT_FIRST}
          + CASE WHEN ${isMarked} THEN (${mark} -> 'details' ->> 'dropped')::bigint - 1 ELSE 0 END)), ${KEPT_FIRST} + 0.5
      FROM (SELECT ${log} -> (${cut} - 1) AS entry) last) kept`
}
