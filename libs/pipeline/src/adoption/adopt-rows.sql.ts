// Generated from adopt-rows.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const lockContent = statement<
  [sha256: string | null | undefined],
  object
>(`
SELECT FROM mediakeep.contents c WHERE c.sha256_sum = $1 FOR NO KEY UPDATE`)
