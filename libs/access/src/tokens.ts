import { newId } from '@mediakeep/ids'
import type { Sql } from '@mediakeep/sql'
import { TokenNameTakenError, TokenNotFoundError } from './errors.ts'
import type { Scope } from './scopes.ts'
import { hashSecret, newSecret } from './secret.ts'

/** A token in displayable form: everything except its secret, which is not stored. */
export interface ApiToken {
  readonly tokenId: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  /** Accurate to the minute. */
  readonly lastUsedAt: Date | null
}

export interface NewToken {
  readonly name: string
  /** Must contain at least one scope. */
  readonly scopes: readonly Scope[]
  readonly expiresAt?: Date | undefined
  /** The creator, shown in listings. */
  readonly createdBy: string
}

/** SQL columns of an {@link ApiToken}. */
export const tokenColumns = `t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt", t.last_used_at AS "lastUsedAt"`

/** @returns the token and its secret, which cannot be retrieved later @throws TokenNameTakenError */
export async function createToken(
  sql: Sql,
  { name, scopes, expiresAt, createdBy }: NewToken,
): Promise<{ readonly token: ApiToken; readonly secret: string }> {
  const secret = newSecret()
  const { rows } = await sql.query<ApiToken>(
    `INSERT INTO mediakeep.api_tokens AS t (token_id, name, secret_sha256, scopes, expires_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING ${tokenColumns}`,
    [newId('tok'), name, hashSecret(secret), [...new Set(scopes)], expiresAt ?? null, createdBy],
  )
  if (!rows[0]) throw new TokenNameTakenError(name)
  return { token: rows[0], secret }
}

/** Returns all tokens ever created, newest first. */
export async function listTokens(sql: Sql): Promise<ApiToken[]> {
  const { rows } = await sql.query<ApiToken>(
    `SELECT ${tokenColumns} FROM mediakeep.api_tokens t ORDER BY t.created_at DESC, t.token_id DESC`,
  )
  return rows
}

/** @throws TokenNotFoundError */
export async function findToken(sql: Sql, idOrName: string): Promise<ApiToken> {
  const { rows } = await sql.query<ApiToken>(
    `SELECT ${tokenColumns} FROM mediakeep.api_tokens t
     WHERE t.token_id = $1 OR (t.name = $1 AND t.revoked_at IS NULL) LIMIT 1`,
    [idOrName],
  )
  if (!rows[0]) throw new TokenNotFoundError(idOrName)
  return rows[0]
}

/** Revokes a token by id, or an active one by name; revoking twice has no effect. @throws TokenNotFoundError */
export async function revokeToken(sql: Sql, idOrName: string): Promise<ApiToken> {
  const { rows } = await sql.query<ApiToken>(
    `UPDATE mediakeep.api_tokens t SET revoked_at = coalesce(t.revoked_at, now())
     WHERE t.token_id = $1 OR (t.name = $1 AND t.revoked_at IS NULL) RETURNING ${tokenColumns}`,
    [idOrName],
  )
  if (!rows[0]) throw new TokenNotFoundError(idOrName)
  return rows[0]
}

/** True if a token was ever created: from the first one on, every request needs a credential. */
export async function hasTokens(sql: Sql): Promise<boolean> {
  return (await sql.query('SELECT FROM mediakeep.api_tokens LIMIT 1')).rowCount > 0
}
