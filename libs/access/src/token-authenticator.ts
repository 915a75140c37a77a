import type { Sql } from '@mediakeep/sql'
import { AuthenticationError } from './errors.ts'
import { hashSecret, isSecret } from './secret.ts'
import type { Authenticator, Viewer } from './viewer.ts'
import { selectEnded, selectLiving, updateLastUse } from './token-authenticator.sql.ts'

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
      const { rows } = await selectEnded(sql, [tokenIds])
      return new Set(rows.map(({ tokenId }) => tokenId))
    },
  }
}

async function findLiving(sql: Sql, hash: string): Promise<{ viewer: Viewer; remainingMs: number }> {
  const { rows } = await selectLiving(sql, [hash])
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
  await updateLastUse(sql, [tokenId])
}
