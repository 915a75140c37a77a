// Generated from visual-features.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectLooks = statement<
  [sha256s: readonly (string | null | undefined)[] | null | undefined],
  { sha256: string; thumbhash: string | null; dominantColor: string | null; perceptualHash: string | null }
>(`
SELECT DISTINCT ON (a.sha256_sum) a.sha256_sum AS sha256, a.thumbhash,
  a.dominant_color AS "dominantColor", lpad(to_hex(a.perceptual_hash), 16, '0') AS "perceptualHash"
FROM mediakeep.analyses a
WHERE a.sha256_sum = ANY ($1) AND NOT EXISTS (SELECT FROM mediakeep.contents c
    WHERE c.sha256_sum = a.sha256_sum AND c.rejected_at IS NOT NULL)
  AND (a.thumbhash IS NOT NULL OR a.dominant_color IS NOT NULL OR a.perceptual_hash IS NOT NULL)
ORDER BY a.sha256_sum, a.finished_at DESC NULLS LAST`)
