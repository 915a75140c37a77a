// Generated from media-custody.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectCustody = statement<
  [sha256s: readonly (string | null | undefined)[] | null | undefined],
  { sha256: string; inspectedAt: Date | null; findings: string[] | null; archivedAt: Date | null; archiveVerifiedAt: Date | null }
>(`
SELECT c.sha256_sum AS sha256, c.inspected_at AS "inspectedAt", c.findings, c.archived_at AS "archivedAt",
  c.archive_verified_at AS "archiveVerifiedAt"
FROM mediakeep.contents c WHERE c.sha256_sum = ANY ($1)`)
