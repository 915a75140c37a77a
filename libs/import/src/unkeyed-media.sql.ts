// Generated from unkeyed-media.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectUnkeyed = statement<
  [postIds: readonly (string | null | undefined)[] | null | undefined],
  { post_id: string; media_url: string }
>(`
SELECT post_id, media_url FROM public.post_media WHERE source_key IS NULL AND post_id = ANY($1)`)
