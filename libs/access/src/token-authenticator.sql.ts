// Generated from token-authenticator.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectEnded = statement<
  [tokenIds: readonly (string | null | undefined)[] | null | undefined],
  { tokenId: string }
>(`
SELECT asked.token_id AS "tokenId" FROM unnest($1::text[]) AS asked(token_id)
WHERE NOT EXISTS (SELECT FROM mediakeep.api_tokens t WHERE t.token_id = asked.token_id
    AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()))`)

export const selectLiving = statement<
  [hash: string | null | undefined],
  { tokenId: string; name: string; scopes: ("read" | "import" | "analyze" | "operate" | "admin")[]; expiresAt: Date | null; remainingMs: number | null; isRevoked: boolean; isUseStale: boolean }
>(`
SELECT t.token_id AS "tokenId", t.name, t.scopes, t.expires_at AS "expiresAt",
  (extract(epoch FROM t.expires_at - now()) * 1000)::float8 AS "remainingMs",
  t.revoked_at IS NOT NULL AS "isRevoked",
  coalesce(t.last_used_at < now() - interval '1 minute', true) AS "isUseStale"
FROM mediakeep.api_tokens t WHERE t.secret_sha256 = $1`)

export const updateLastUse = statement<
  [tokenId: string | null | undefined],
  object
>(`
UPDATE mediakeep.api_tokens SET last_used_at = now()
WHERE token_id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)`)
