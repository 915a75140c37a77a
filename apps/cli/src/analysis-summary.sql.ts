// Generated from analysis-summary.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectMediaOfRun = statement<
  [runId: string | null | undefined],
  { id: string }
>(`
SELECT m.media_id AS id FROM public.post_media m
WHERE m.post_id IN (SELECT d.post_id FROM public.data_downloads d WHERE d.run_id = $1) ORDER BY 1`)

export const selectAnalyserCounts = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { name: string; completed: number; failed: number; waiting: number }
>(`
SELECT a.analyser AS name, count(*) FILTER (WHERE a.state = 'completed') AS completed,
  count(*) FILTER (WHERE a.state = 'failed') AS failed, count(*) FILTER (WHERE a.state = 'pending') AS waiting
FROM mediakeep.analyses a
WHERE a.sha256_sum IN (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY($1)) GROUP BY 1 ORDER BY 1`)

export const selectReadText = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { mediaId: string; found: string }
>(`
SELECT min(m.media_id) AS "mediaId", regexp_replace(left(a.result ->> 'text', 80), '\\s+', ' ', 'g') AS found
FROM mediakeep.analyses a JOIN public.post_media m USING (sha256_sum)
WHERE a.sha256_sum IN (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY($1))
  AND a.analyser = 'ocr' AND a.media_type = 'image' AND a.result ->> 'text' <> ''
GROUP BY a.sha256_sum, a.result ORDER BY length(a.result ->> 'text') DESC LIMIT 1`)
