// Generated from orphan-files.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectKnownNames = statement<
  [names: readonly (string | null | undefined)[] | null | undefined],
  { name: string | null }
>(`
SELECT c.name FROM mediakeep.contents c WHERE c.name = ANY($1)
UNION SELECT m.md5_sum FROM public.post_media m WHERE m.md5_sum = ANY($1)`)

export const selectKnownPaths = statement<
  [paths: readonly (string | null | undefined)[] | null | undefined],
  { path: string | null }
>(`
SELECT m.local_file_path AS path FROM public.post_media m WHERE m.local_file_path = ANY($1)`)
