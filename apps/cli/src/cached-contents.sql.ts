// Generated from cached-contents.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectPage = statement<
  [after: string | null | undefined, limit: number | null | undefined],
  { mediaType: 'image' | 'video' | 'audio' | 'document'; name: string; extension: string; md5: string; sha256: string; byteSize: number; isArchived: boolean; mediaId: string }
>(`
SELECT c.media_type AS "mediaType", c.name, c.extension, c.md5_sum AS md5, c.sha256_sum AS sha256,
  c.byte_size AS "byteSize", c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AS "isArchived",
  m.media_id AS "mediaId"
FROM mediakeep.contents c
CROSS JOIN LATERAL (
  SELECT media_id FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum AND m.fate = 'fetched' LIMIT 1) m
WHERE c.sha256_sum > $1 ORDER BY c.sha256_sum LIMIT $2`)

export const selectSelected = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { mediaType: 'image' | 'video' | 'audio' | 'document'; name: string; extension: string; md5: string; sha256: string; byteSize: number; isArchived: boolean; mediaId: string }
>(`
SELECT DISTINCT ON (c.sha256_sum)
  c.media_type AS "mediaType", c.name, c.extension, c.md5_sum AS md5, c.sha256_sum AS sha256,
  c.byte_size AS "byteSize", c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AS "isArchived",
  m.media_id AS "mediaId"
FROM public.post_media m JOIN mediakeep.contents c USING (sha256_sum) WHERE m.media_id = ANY($1)`)
