// Generated from end-files.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * The bytes of these files are stored. A row that has a URL, too, shows its host from now on.
 */
export const endRead = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, exportIds: readonly (string | null | undefined)[] | null | undefined, urlHosts: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
WITH given AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) g (media_id, export_id, url_host)),
ended AS (
  UPDATE mediakeep.media_files f SET ended_at = now(), end_reason = NULL, read_at = now()
  FROM given g WHERE f.media_id = g.media_id AND f.export_id = g.export_id)
UPDATE public.post_media m SET source_host = g.url_host, fetch_url = NULL
FROM given g WHERE m.media_id = g.media_id AND g.url_host IS NOT NULL`)

/**
 * These files give no bytes, as long as the export is the same.
 */
export const endRefused = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, exportIds: readonly (string | null | undefined)[] | null | undefined, reasons: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
UPDATE mediakeep.media_files f SET ended_at = now(), end_reason = g.reason
FROM unnest($1::text[], $2::text[], $3::text[]) g (media_id, export_id, reason)
WHERE f.media_id = g.media_id AND f.export_id = g.export_id`)

/**
 * Gives leased media that have failed at one source another: a file that can be read, else their URL.
 */
export const divertMedia = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined, urlHosts: readonly (string | null | undefined)[] | null | undefined],
  { media_id: string }
>(`
WITH held AS MATERIALIZED (
  SELECT q.media_id, g.url_host FROM unnest($1::text[], $2::uuid[], $3::text[]) g (media_id, token, url_host)
  JOIN public.post_media q ON q.media_id = g.media_id AND q.download_lease_token = g.token
  WHERE q.fate IS NOT DISTINCT FROM 'waiting' ORDER BY q.media_id FOR UPDATE OF q),
readable AS MATERIALIZED (
  SELECT f.media_id, f.export_id FROM held h JOIN mediakeep.media_files f ON f.media_id = h.media_id
  JOIN mediakeep.exports e ON e.export_id = f.export_id
  WHERE f.end_reason IS NULL AND e.trouble IS NULL),
again AS (
  UPDATE mediakeep.media_files f SET ended_at = NULL
  FROM readable r WHERE f.media_id = r.media_id AND f.export_id = r.export_id AND f.ended_at IS NOT NULL)
UPDATE public.post_media q SET source_host = s.source_host
FROM (
  SELECT h.media_id, CASE WHEN EXISTS (SELECT FROM readable r WHERE r.media_id = h.media_id) THEN 'mediakeep-file:'
    ELSE h.url_host END AS source_host
  FROM held h) s
WHERE q.media_id = s.media_id AND s.source_host IS NOT NULL
RETURNING q.media_id`)
