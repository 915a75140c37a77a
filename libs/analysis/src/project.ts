const BEFORE = `coalesce(nullif(o.ai_analysis_status, 'pending'), 'not_started')`

/**
 * SQL: the rows that show the contents of `source`, with its columns and the rows' previous status. `is_first` marks
 * the row that the content is analysed for; the others share its result.
 */
export function rowsShowing(source: string): string {
  return `rows AS MATERIALIZED (
    SELECT o.media_id, o.post_id, ${BEFORE} AS before, s.*, row_number() OVER (PARTITION BY o.sha256_sum
      ORDER BY ${BEFORE} <> 'started', o.created_at, o.media_id) = 1 AS is_first
    FROM ${source} s JOIN public.post_media o ON o.sha256_sum = s.sha256_sum)`
}

/** SQL: inserts the event for `written` (media_id, post_id, before, after). Parsed once, from text: it is large. */
export const TOLD = `told AS (
    INSERT INTO mediakeep.events (kind, changes)
    SELECT 'media', ('[' || string_agg('{"mediaId":' || to_json(w.media_id) || ',"postId":' || to_json(w.post_id)
      || ',"what":"analysis","from":"' || w.before || '","to":"' || w.after || '"}', ',') || ']')::jsonb
    FROM written w WHERE w.before <> w.after HAVING count(*) > 0)`

/**
 * SQL of a log entry. @param at its timestamp @param status the row's status after the event
 * @param rest the other members, as written by `logRest`
 */
export function logEntry(at: string, status: string, rest: string): string {
  return `('{"timestamp":"' || ${at} || '","status":"' || ${status} || '",' || ${rest})::jsonb`
}

/** The members of a log entry except time and status, which SQL adds; undefined details are left out. */
export function logRest(event: string, details: Readonly<Record<string, unknown>>, model?: string): string {
  return JSON.stringify({ event, ...(model !== undefined && { model }), details }).slice(1)
}

/** SQL: the log entry of a row `r` that shares another row's analysis. */
export const SHARED = `jsonb_set(r.entry, '{details,shared}', 'true')`
