// Generated from backfill.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectPaths = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { id: string; path: string }
>(`
SELECT media_id AS id, local_file_path AS path FROM public.post_media WHERE media_id = ANY($1) AND local_file_path IS NOT NULL`)
