// Generated from duplicate-group.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectGroups = statement<
  [digests: readonly (string | null | undefined)[] | null | undefined],
  { sha256Sum: string; md5Sum: string; mimeType: string; byteSize: number; mediaCount: number; placeholderSuspectedAt: Date | null; rejectedAt: Date | null; rejectedReason: string | null }
>(`
SELECT c.sha256_sum AS "sha256Sum", c.md5_sum AS "md5Sum", c.mime_type AS "mimeType", c.byte_size AS "byteSize",
  g.media_count AS "mediaCount", c.placeholder_suspected_at AS "placeholderSuspectedAt", c.rejected_at AS "rejectedAt",
  c.rejected_reason AS "rejectedReason"
FROM mediakeep.contents c
CROSS JOIN LATERAL (SELECT count(*) AS media_count FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum) g
WHERE c.sha256_sum = ANY ($1) AND g.media_count > 0`)
