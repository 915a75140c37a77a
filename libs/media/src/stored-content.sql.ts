// Generated from stored-content.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectMediaContents = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { askedId: string; rowId: string | null; localFilePath: string | null; isRejected: boolean; isFetched: boolean; sha256: string; md5: string; byteSize: number; name: string; mediaType: 'image' | 'video' | 'audio' | 'document'; mimeType: string; extension: string; width: number | null; height: number | null; durationMs: number | null; cacheId: string | null; archiveUrl: string | null; isMissing: boolean }
>(`
WITH RECURSIVE asked AS (
  SELECT id, ordinal FROM unnest($1::text[]) WITH ORDINALITY AS a (id, ordinal)),
trail AS (
  SELECT id AS asked_id, id, 0 AS depth FROM asked
  UNION ALL
  SELECT t.asked_id, g.survivor_id, t.depth + 1 FROM trail t
  JOIN mediakeep.merged_media g ON g.media_id = t.id
  WHERE t.depth < 16)
SELECT DISTINCT ON (a.ordinal) a.id AS "askedId", m.media_id AS "rowId",
  m.local_file_path AS "localFilePath",
  coalesce(c.rejected_at IS NOT NULL OR m.fate = 'rejected', false) AS "isRejected",
  coalesce(m.fate = 'fetched', false) AS "isFetched", c.sha256_sum AS sha256, c.md5_sum AS md5,
  c.byte_size AS "byteSize", c.name,
  c.media_type AS "mediaType", c.mime_type AS "mimeType", c.extension, c.width,
  c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM asked a JOIN trail t ON t.asked_id = a.id
LEFT JOIN public.post_media m ON m.media_id = t.id
LEFT JOIN mediakeep.contents c ON c.sha256_sum = m.sha256_sum
ORDER BY a.ordinal, m.media_id IS NULL, t.depth`)
