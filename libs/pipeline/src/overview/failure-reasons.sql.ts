// Generated from failure-reasons.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * Each part uses the index of failures, so that successes are not read.
 */
export const selectFailureReasons = statement<
  [limit: number | null | undefined],
  { stage: 'fetch' | 'inspect' | 'archive' | 'analyse'; fate: string | null; analyser: string | null; reason: string; example: string | null; count: number; retrying: number }
>(`
SELECT f.* FROM (
  SELECT 'fetch' AS stage, m.fate, NULL AS analyser,
    coalesce(
      substring(m.fate_reason FROM '^(?:gave up after \\d+ attempts: )?(?!Error:)([A-Za-z]\\w*)(?::|$)'), m.fate_reason, '') AS reason,
    min(m.fate_reason) AS example, count(*) AS count,
    count(*) FILTER (WHERE m.fate = 'failed' AND m.download_not_before IS NOT NULL) AS retrying
  FROM public.post_media m
  WHERE m.fate IN ('failed', 'expired', 'gone', 'blocked', 'rejected') GROUP BY 2, 4
  UNION ALL
  SELECT 'inspect', NULL, NULL,
    coalesce(
      substring(c.inspect_error FROM '^(?:gave up after \\d+ attempts: )?(?!Error:)([A-Za-z]\\w*)(?::|$)'), c.inspect_error, ''),
    min(c.inspect_error), count(*), count(*) FILTER (WHERE c.inspect_parked_at IS NULL)
  FROM mediakeep.contents c JOIN public.post_media m USING (sha256_sum)
  WHERE c.inspected_at IS NULL AND c.cache_id IS NOT NULL AND c.inspect_error IS NOT NULL GROUP BY 4
  UNION ALL
  SELECT 'archive', NULL, NULL,
    coalesce(
      substring(c.archive_error FROM '^(?:gave up after \\d+ attempts: )?(?!Error:)([A-Za-z]\\w*)(?::|$)'), c.archive_error, ''),
    min(c.archive_error), count(*), count(*) FILTER (WHERE c.archive_not_before IS NOT NULL)
  FROM mediakeep.contents c JOIN public.post_media m USING (sha256_sum)
  WHERE (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL) AND c.archive_error IS NOT NULL
    AND c.rejected_at IS NULL GROUP BY 4
  UNION ALL
  SELECT 'analyse', NULL, g.name || '@' || g.version,
    coalesce(
      substring(a.error FROM '^(?:gave up after \\d+ attempts: )?(?!Error:)([A-Za-z]\\w*)(?::|$)'), a.error, ''),
    min(a.error), count(*), 0
  FROM mediakeep.analysers g
  JOIN mediakeep.analyses a ON a.analyser = g.name AND a.analyser_version = g.version AND a.state = 'failed'
  JOIN public.post_media m USING (sha256_sum) GROUP BY 3, 4) f
ORDER BY f.count DESC, f.stage, f.reason LIMIT $1`)
