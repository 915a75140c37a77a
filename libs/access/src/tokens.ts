import { newId } from '@mediakeep/ids'
import type { Sql } from '@mediakeep/sql'
import { TokenNameTakenError, TokenNotFoundError } from './errors.ts'
import type { Scope } from './scopes.ts'
import { hashSecret, newSecret } from './secret.ts'

/** A token as it may be shown: all but its secret, which is nowhere. */
export interface ApiToken {
  readonly tokenId: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  /** To the minute. */
  readonly lastUsedAt: Date | null
}

export interface NewToken {
  readonly name: string
  /** At least one. */
  readonly scopes: readonly Scope[]
  readonly expiresAt?: Date | undefined
  /** Who made it, for whoever lists it. */
  readonly createdBy: string
}

/** SQL of an {@link ApiToken}. */
export const tokenColumns = `t.token_id AS "tokenId", t.name, t.scopes, t.created_by AS "createdBy",
  t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt", t.last_used_at AS "lastUsedAt"`

/** @returns the token, and its secret: the only time that it is to be had @throws TokenNameTakenError */
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

/** All there ever were, the latest first. */
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

/** Ends a token, by its id or the name of a living one; one that was revoked stays so. @throws TokenNotFoundError */
export async function revokeToken(sql: Sql, idOrName: string): Promise<ApiToken> {
  const { rows } = await sql.query<ApiToken>(
    `UPDATE mediakeep.api_tokens t SET revoked_at = coalesce(t.revoked_at, now())
     WHERE t.token_id = $1 OR (t.name = $1 AND t.revoked_at IS NULL) RETURNING ${tokenColumns}`,
    [idOrName],
  )
  if (!rows[0]) throw new TokenNotFoundError(idOrName)
  return rows[0]
}

/** Whether there ever was a token: from the first one on, nobody gets in without. */
export async function hasTokens(sql: Sql): Promise<boolean> {
  return (await sql.query('SELECT FROM mediakeep.api_tokens LIMIT 1')).rowCount > 0
}
