// Generated from register-contents.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectContents = statement<
  [sha256s: readonly (string | null | undefined)[] | null | undefined],
  { sha256_sum: string; md5_sum: string; name: string; byte_size: number; media_type: 'image' | 'video' | 'audio' | 'document'; mime_type: string; extension: string; width: number | null; height: number | null; duration_ms: number | null }
>(`
SELECT c.sha256_sum, c.md5_sum, c.name, c.byte_size, c.media_type, c.mime_type, c.extension, c.width, c.height,
  c.duration_ms
FROM mediakeep.contents c WHERE c.sha256_sum = ANY($1::text[])`)

export const insertContents = statement<
  [sha256s: readonly (string | null | undefined)[] | null | undefined, md5s: readonly (string | null | undefined)[] | null | undefined, names: readonly (string | null | undefined)[] | null | undefined, byteSizes: readonly (number | null | undefined)[] | null | undefined, mediaTypes: readonly (string | null | undefined)[] | null | undefined, mimeTypes: readonly (string | null | undefined)[] | null | undefined, extensions: readonly (string | null | undefined)[] | null | undefined, widths: readonly (number | null | undefined)[] | null | undefined, heights: readonly (number | null | undefined)[] | null | undefined, durations: readonly (number | null | undefined)[] | null | undefined, inspecteds: readonly (boolean | null | undefined)[] | null | undefined, rejections: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
INSERT INTO mediakeep.contents
  (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, width, height, duration_ms,
   inspected_at, rejected_at, rejected_reason)
SELECT d.sha256, d.md5, d.name, d.bytes, d.type, d.mime, d.extension, d.width, d.height, d.duration,
  CASE WHEN d.inspected THEN now() END, CASE WHEN d.rejection IS NOT NULL THEN now() END, d.rejection
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::int[],
  $9::int[], $10::bigint[], $11::boolean[], $12::text[])
  AS d (sha256, md5, name, bytes, type, mime, extension, width, height, duration, inspected, rejection)
ON CONFLICT DO NOTHING`)
