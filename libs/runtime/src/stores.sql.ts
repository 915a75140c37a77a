// Generated from stores.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectFileUrl = statement<
  [],
  object
>(`
SELECT FROM mediakeep.contents WHERE archive_url LIKE 'file:%' LIMIT 1`)
