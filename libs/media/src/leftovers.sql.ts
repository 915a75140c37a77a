// Generated from leftovers.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const clearArchiveUrls = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  { sha256: string }
>(`
UPDATE mediakeep.contents q SET archive_url = NULL, archived_at = NULL, archive_verified_at = NULL,
  archive_missing_since = NULL, archive_not_before = NULL
WHERE (q.sha256_sum, q.archive_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
  AND NOT EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = q.sha256_sum)
RETURNING q.sha256_sum AS sha256`)

export const lockLeftovers = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
SELECT FROM mediakeep.contents q
WHERE (q.sha256_sum, q.archive_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
ORDER BY q.sha256_sum FOR UPDATE`)

export const deleteContents = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  { sha256: string }
>(`
DELETE FROM mediakeep.contents q
WHERE (q.sha256_sum, q.archive_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
  AND NOT EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = q.sha256_sum)
RETURNING q.sha256_sum AS sha256`)

export const releaseLeftovers = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined, cacheId: string | null | undefined],
  object
>(`
UPDATE mediakeep.contents q SET archive_attempts = 0, cache_id = coalesce(q.cache_id, $3),
  archive_lease_token = NULL, archive_lease_expires_at = NULL, archive_deaths = 0, archive_not_before = CASE
    WHEN q.archive_url IS NULL AND NOT (NOT EXISTS (SELECT FROM public.post_media m
      WHERE m.sha256_sum = q.sha256_sum)) THEN now() END
WHERE (q.sha256_sum, q.archive_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))`)
