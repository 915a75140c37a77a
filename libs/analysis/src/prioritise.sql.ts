// Generated from prioritise.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const raisePriority = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined, priority: number | null | undefined],
  object
>(`
UPDATE mediakeep.analyses SET priority = $2 WHERE state = 'pending' AND priority < $2
  AND sha256_sum IN (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY($1))`)
