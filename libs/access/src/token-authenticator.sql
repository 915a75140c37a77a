-- @name selectEnded
-- @params tokenIds
-- @notNull tokenId
SELECT asked.token_id AS "tokenId" FROM unnest($1::text[]) AS asked(token_id)
WHERE NOT EXISTS (SELECT FROM mediakeep.api_tokens t WHERE t.token_id = asked.token_id
    AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()));

-- @name selectLiving
-- @params hash
-- @notNull tokenId name scopes isRevoked isUseStale
-- @row scopes: ("read" | "import" | "analyze" | "operate" | "admin")[]
SELECT t.token_id AS "tokenId", t.name, t.scopes, t.expires_at AS "expiresAt",
  (extract(epoch FROM t.expires_at - now()) * 1000)::float8 AS "remainingMs",
  t.revoked_at IS NOT NULL AS "isRevoked",
  coalesce(t.last_used_at < now() - interval '1 minute', true) AS "isUseStale"
FROM mediakeep.api_tokens t WHERE t.secret_sha256 = $1;

-- @name updateLastUse
-- @params tokenId
UPDATE mediakeep.api_tokens SET last_used_at = now()
WHERE token_id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true);
