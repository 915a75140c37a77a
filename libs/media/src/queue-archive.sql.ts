// Generated from queue-archive.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const queueUnarchived = statement<
  [media: readonly (string | null | undefined)[] | null | undefined],
  { sha256: string; state: 'queued' | 'archived' | 'rejected' }
>(`
WITH queued AS (
  UPDATE mediakeep.contents c SET archive_not_before = now(), archive_attempts = 0
  WHERE c.sha256_sum = ANY($1) AND (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
    AND c.inspected_at IS NOT NULL AND c.rejected_at IS NULL
    AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now())
  RETURNING 1)
SELECT c.sha256_sum AS sha256, CASE
    WHEN NOT (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL) THEN 'archived'
    WHEN c.rejected_at IS NOT NULL THEN 'rejected' ELSE 'queued' END AS state
FROM mediakeep.contents c WHERE c.sha256_sum = ANY($1)`)
