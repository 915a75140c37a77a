import type { Sql } from '@mediakeep/sql'
import { AuthenticationError } from './errors.ts'
import type { Scope } from './scopes.ts'
import { hashSecret, isSecret } from './secret.ts'
import type { Authenticator, Viewer } from './viewer.ts'

/** A process that has cached a token may accept it for at most this long after it is revoked. */
const MAX_STALENESS_MS = 3000
const MAX_KNOWN = 10_000

export interface TokenAuthenticator extends Authenticator {
  /** @returns the tokens among these ids that are no longer valid, according to the database */
  ended(tokenIds: readonly string[]): Promise<ReadonlySet<string>>
}

interface Known {
  readonly viewer: Promise<Viewer>
  until: number
}

interface TokenRow {
  readonly tokenId: string
  readonly name: string
  readonly scopes: Scope[]
  readonly expiresAt: Date | null
  readonly remainingMs: number | null
  readonly isRevoked: boolean
  readonly isUseStale: boolean
}

/** Authenticates tokens from the database, caching each answer for up to three seconds. */
export function openTokenAuthenticator(
  sql: Sql,
  now: () => number = () => performance.now(),
): TokenAuthenticator {
  const known = new Map<string, Known>()
  const load = (hash: string): Promise<Viewer> => {
    const asked = now()
    const found = findLiving(sql, hash).then(({ viewer, remainingMs }) => {
      entry.until = asked + Math.min(MAX_STALENESS_MS, remainingMs)
      return viewer
    })
    const entry: Known = { viewer: found, until: Infinity }
    // Unknown secrets are not cached: otherwise sending a million of them would fill the cache.
    found.catch(() => known.delete(hash))
    known.set(hash, entry)
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!)
    return found
  }
  return {
    async authenticate(secret) {
      if (!isSecret(secret)) throw new AuthenticationError('malformed')
      const hash = hashSecret(secret)
      const entry = known.get(hash)
      if (entry && entry.until > now()) return entry.viewer
      known.delete(hash)
      return load(hash)
    },
    async ended(tokenIds) {
      const { rows } = await sql.query<{ tokenId: string }>(
        `SELECT asked.token_id AS "tokenId" FROM unnest($1::text[]) AS asked(token_id)
         WHERE NOT EXISTS (SELECT FROM mediakeep.api_tokens t WHERE t.token_id = asked.token_id
           AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()))`,
        [tokenIds],
      )
      return new Set(rows.map(({ tokenId }) => tokenId))
    },
  }
}

async function findLiving(sql: Sql, hash: string): Promise<{ viewer: Viewer; remainingMs: number }> {
  const { rows } = await sql.query<TokenRow>(
    `SELECT t.token_id AS "tokenId", t.name, t.scopes, t.expires_at AS "expiresAt",
       (extract(epoch FROM t.expires_at - now()) * 1000)::float8 AS "remainingMs", t.revoked_at IS NOT NULL AS "isRevoked",
       coalesce(t.last_used_at < now() - interval '1 minute', true) AS "isUseStale"
     FROM mediakeep.api_tokens t WHERE t.secret_sha256 = $1`,
    [hash],
  )
  const row = rows[0]
  if (!row) throw new AuthenticationError('unknown')
  const credential = { id: row.tokenId, name: row.name }
  if (row.isRevoked) throw new AuthenticationError('revoked', { credential })
  const remainingMs = row.remainingMs ?? Infinity
  if (remainingMs <= 0) throw new AuthenticationError('expired', { credential })
  if (row.isUseStale) await recordUse(sql, row.tokenId)
  const viewer = { ...credential, scopes: new Set(row.scopes), expiresAt: row.expiresAt ?? undefined }
  return { viewer, remainingMs }
}

/** Records use to the minute: a token that is used a thousand times a second costs one write. */
async function recordUse(sql: Sql, tokenId: string): Promise<void> {
  await sql.query(
    `UPDATE mediakeep.api_tokens SET last_used_at = now()
     WHERE token_id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)`,
    [tokenId],
  )
}
