// Generated from record.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const lockHeldRows = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  { media_id: string }
>(`
SELECT q.media_id FROM public.post_media q
WHERE (q.media_id, q.download_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
  AND q.fate IS NOT DISTINCT FROM 'waiting'
ORDER BY q.media_id FOR UPDATE`)

export const updateRows = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, sha256s: readonly (string | null | undefined)[] | null | undefined, known: readonly (string | null | undefined)[] | null | undefined],
  { media_id: string; is_rejected: boolean; is_known: boolean }
>(`
UPDATE public.post_media q SET md5_sum = c.md5_sum, sha256_sum = c.sha256_sum, byte_size = c.byte_size,
  local_file_path = CASE WHEN c.rejected_at IS NULL THEN d.path ELSE q.local_file_path END
FROM unnest($1::text[], $2::text[], $3::text[]) AS d (media_id, sha256, path)
JOIN mediakeep.contents c ON c.sha256_sum = d.sha256
WHERE q.media_id = d.media_id
RETURNING q.media_id, c.rejected_at IS NOT NULL AS is_rejected, c.created_at < now() AS is_known`)
