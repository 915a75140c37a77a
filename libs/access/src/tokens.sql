-- @name insertToken
-- @params value1 name secret value4 expiresAt createdBy
-- @notNull tokenId name scopes createdBy createdAt
-- @row scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]
INSERT INTO mediakeep.api_tokens AS t (token_id, name, secret_sha256, scopes, expires_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING
RETURNING t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt";

-- @name selectTokens
-- @notNull tokenId name scopes createdBy createdAt
-- @row scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]
SELECT t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt" FROM mediakeep.api_tokens t ORDER BY t.created_at DESC, t.token_id DESC;

-- @name selectToken
-- @params idOrName
-- @notNull tokenId name scopes createdBy createdAt
-- @row scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]
SELECT t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt" FROM mediakeep.api_tokens t
WHERE t.token_id = $1 OR (t.name = $1 AND t.revoked_at IS NULL) LIMIT 1;

-- @name updateRevoked
-- @params idOrName
-- @notNull tokenId name scopes createdBy createdAt
-- @row scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]
UPDATE mediakeep.api_tokens t SET revoked_at = coalesce(t.revoked_at, now())
WHERE t.token_id = $1 OR (t.name = $1 AND t.revoked_at IS NULL)
RETURNING t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt";

-- @name selectAnyToken
SELECT FROM mediakeep.api_tokens LIMIT 1;
