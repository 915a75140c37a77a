// Generated from superseded-files.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectShownPaths = statement<
  [asked: readonly (string | null | undefined)[] | null | undefined],
  { path: string }
>(`
SELECT DISTINCT m.local_file_path AS path FROM public.post_media m WHERE m.local_file_path = ANY($1::text[])`)
