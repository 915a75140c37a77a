import { hasTokens, type Authenticator } from '@mediakeep/access'
import type { Sql } from '@mediakeep/sql'
import { isLoopback } from './host-guard.ts'

/** The server would be open to whoever reaches it. */
export class UnguardedServerError extends Error {
  override readonly name = 'UnguardedServerError'
  readonly code = 'unguarded_server'
}

interface Reach {
  readonly host: string
  readonly publicUrl: string | undefined
}

/** Whether the server is reached from this machine alone, as far as the configuration says. */
export function isLocal({ host, publicUrl }: Reach): boolean {
  return (
    isLoopback(host) &&
    (publicUrl === undefined || isLoopback(new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1')))
  )
}

/** @throws UnguardedServerError when the server is to be reached by others while there is nothing to know them by */
export async function assertGuarded(
  db: Sql,
  reach: Reach,
  identityProvider: Authenticator | undefined,
): Promise<void> {
  if (isLocal(reach) || identityProvider || (await hasTokens(db))) return
  const setting = isLoopback(reach.host) ? `PUBLIC_URL=${reach.publicUrl ?? ''}` : `HOST=${reach.host}`
  throw new UnguardedServerError(
    `${setting} would let others in, and there is no token yet: whoever reached the server could do everything. ` +
      'Make one with "npx mediakeep token create --name admin --scopes admin", or set JWKS_URL.',
  )
}
