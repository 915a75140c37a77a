// Generated from tokens.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const insertToken = statement<
  [value1: string | null | undefined, name: string | null | undefined, secret: string | null | undefined, value4: readonly (string | null | undefined)[] | null | undefined, expiresAt: Date | string | null | undefined, createdBy: string | null | undefined],
  { tokenId: string; name: string; scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]; createdBy: string; createdAt: Date; expiresAt: Date | null; revokedAt: Date | null; lastUsedAt: Date | null }
>(`
INSERT INTO mediakeep.api_tokens AS t (token_id, name, secret_sha256, scopes, expires_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING
RETURNING t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt"`)

export const selectTokens = statement<
  [],
  { tokenId: string; name: string; scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]; createdBy: string; createdAt: Date; expiresAt: Date | null; revokedAt: Date | null; lastUsedAt: Date | null }
>(`
SELECT t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt" FROM mediakeep.api_tokens t ORDER BY t.created_at DESC, t.token_id DESC`)

export const selectToken = statement<
  [idOrName: string | null | undefined],
  { tokenId: string; name: string; scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]; createdBy: string; createdAt: Date; expiresAt: Date | null; revokedAt: Date | null; lastUsedAt: Date | null }
>(`
SELECT t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt" FROM mediakeep.api_tokens t
WHERE t.token_id = $1 OR (t.name = $1 AND t.revoked_at IS NULL) LIMIT 1`)

export const updateRevoked = statement<
  [idOrName: string | null | undefined],
  { tokenId: string; name: string; scopes: readonly ("read" | "import" | "analyze" | "operate" | "admin")[]; createdBy: string; createdAt: Date; expiresAt: Date | null; revokedAt: Date | null; lastUsedAt: Date | null }
>(`
UPDATE mediakeep.api_tokens t SET revoked_at = coalesce(t.revoked_at, now())
WHERE t.token_id = $1 OR (t.name = $1 AND t.revoked_at IS NULL)
RETURNING t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt",
  t.last_used_at AS "lastUsedAt"`)

export const selectAnyToken = statement<
  [],
  object
>(`
SELECT FROM mediakeep.api_tokens LIMIT 1`)
