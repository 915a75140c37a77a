-- @name selectCustody
-- @params sha256s
SELECT c.sha256_sum AS sha256, c.inspected_at AS "inspectedAt", c.findings, c.archived_at AS "archivedAt",
  c.archive_verified_at AS "archiveVerifiedAt"
FROM mediakeep.contents c WHERE c.sha256_sum = ANY ($1);
