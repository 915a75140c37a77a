// Generated from start-report.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectOtherArchive = statement<
  [archivePrefix: string | null | undefined],
  { url: string | null }
>(`
SELECT archive_url AS url FROM mediakeep.contents
WHERE archive_url IS NOT NULL AND NOT starts_with(archive_url, $1) LIMIT 1`)
