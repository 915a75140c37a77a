// Generated from backfill.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const countMissingMedia = statement<
  [postIds: readonly (string | null | undefined)[] | null | undefined, sourceKeys: readonly (string | null | undefined)[] | null | undefined],
  { missing: number }
>(`
SELECT count(*)::integer AS missing FROM unnest($1::text[], $2::text[]) i (post_id, source_key)
WHERE NOT EXISTS (SELECT FROM public.post_media m
  WHERE m.post_id = i.post_id AND m.source_key = i.source_key)`)
