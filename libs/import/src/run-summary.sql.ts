// Generated from run-summary.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectRunProgress = statement<
  [runId: string | null | undefined],
  { runId: string; status: 'running' | 'completed' | 'failed'; error: string | null; bytesTotal: number; bytesRead: number; posts: unknown; formats: unknown; skipped: unknown; references: unknown }
>(`
SELECT run_id AS "runId", d.status, d.error_message AS error,
  r.bytes_total AS "bytesTotal", r.bytes_read AS "bytesRead",
  json_build_object('processed', r.posts_processed, 'new', r.posts_new, 'known', r.posts_known,
    'rejected', r.posts_rejected) AS posts,
  coalesce(r.options -> 'formats', '{}') AS formats, coalesce(r.options -> 'skipped', '{}') AS skipped,
  json_build_object('found', r.media_found, 'new', r.media_new, 'refreshed', r.media_refreshed) AS "references"
FROM mediakeep.import_runs r JOIN public.download_runs d USING (run_id) WHERE run_id = $1`)

export const selectMediaSummary = statement<
  [runId: string | null | undefined],
  { found: number; waiting: number; fetched: number; expired: number; gone: number; blocked: number; rejected: number; failed: number; deduplicated: number }
>(`
SELECT count(*)::integer AS found,
  (count(*) FILTER (WHERE m.fate = 'waiting'))::integer AS waiting,
  (count(*) FILTER (WHERE m.fate = 'fetched'))::integer AS fetched,
  (count(*) FILTER (WHERE m.fate = 'expired'))::integer AS expired,
  (count(*) FILTER (WHERE m.fate = 'gone'))::integer AS gone,
  (count(*) FILTER (WHERE m.fate = 'blocked'))::integer AS blocked,
  (count(*) FILTER (WHERE m.fate = 'rejected'))::integer AS rejected,
  (count(*) FILTER (WHERE m.fate = 'failed'))::integer AS failed,
  (count(m.sha256_sum) FILTER (WHERE m.fate = 'fetched')
    - count(DISTINCT m.sha256_sum) FILTER (WHERE m.fate = 'fetched'))::integer AS deduplicated
FROM public.post_media m
WHERE m.post_id IN (SELECT d.post_id FROM public.data_downloads d WHERE d.run_id = $1)`)

export const selectRejectedPosts = statement<
  [runId: string | null | undefined, limit: number | null | undefined],
  { file: string; index: number; pointer: string; code: string; reason: string; excerpt: string | null }
>(`
SELECT file, post_index AS index, pointer, code, reason, excerpt FROM mediakeep.rejected_posts
WHERE run_id = $1 ORDER BY file, post_index LIMIT $2`)
