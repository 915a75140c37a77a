import { newId } from '@mediakeep/ids'
import type { Sql } from '@mediakeep/sql'
import { TokenNameTakenError, TokenNotFoundError } from './errors.ts'
import type { Scope } from './scopes.ts'
import { hashSecret, newSecret } from './secret.ts'
import { insertToken, selectAnyToken, selectToken, selectTokens, updateRevoked } from './tokens.sql.ts'

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
  const { rows } = await insertToken(sql, [
    newId('tok'),
    name,
    hashSecret(secret),
    [...new Set(scopes)],
    expiresAt ?? null,
    createdBy,
  ])
  if (!rows[0]) throw new TokenNameTakenError(name)
  return { token: rows[0], secret }
}

/** Returns all tokens ever created, newest first. */
export async function listTokens(sql: Sql): Promise<ApiToken[]> {
  const { rows } = await selectTokens(sql)
  return rows
}

/** @throws TokenNotFoundError */
export async function findToken(sql: Sql, idOrName: string): Promise<ApiToken> {
  const { rows } = await selectToken(sql, [idOrName])
  if (!rows[0]) throw new TokenNotFoundError(idOrName)
  return rows[0]
}

/** Revokes a token by id, or an active one by name; revoking twice has no effect. @throws TokenNotFoundError */
export async function revokeToken(sql: Sql, idOrName: string): Promise<ApiToken> {
  const { rows } = await updateRevoked(sql, [idOrName])
  if (!rows[0]) throw new TokenNotFoundError(idOrName)
  return rows[0]
}

/** True if a token was ever created: from the first one on, every request needs a credential. */
export async function hasTokens(sql: Sql): Promise<boolean> {
  return (await selectAnyToken(sql)).rowCount > 0
}
