// Generated from stored-keys.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectRawJson = statement<
  [postIds: readonly (string | null | undefined)[] | null | undefined],
  { post_id: string; raw_json: string | null }
>(`
SELECT post_id, raw_json FROM public.posts WHERE post_id = ANY($1)`)
