// Generated from log-pages.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectMediaTypes = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { id: string; type: string }
>(`
SELECT media_id AS id, media_type AS type FROM public.post_media WHERE media_id = ANY ($1)`)
