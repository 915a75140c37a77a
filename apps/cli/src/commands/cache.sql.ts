// Generated from cache.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectContentCount = statement<
  [],
  { n: number }
>(`
SELECT count(*) AS n FROM mediakeep.contents`)
