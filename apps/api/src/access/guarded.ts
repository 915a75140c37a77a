import { hasTokens, type Authenticator } from '@mediakeep/access'
import type { Sql } from '@mediakeep/sql'
import { isLoopback } from './host-guard.ts'

/** Anyone who can reach the server could use it. */
export class UnguardedServerError extends Error {
  override readonly name = 'UnguardedServerError'
  readonly code = 'unguarded_server'
}

interface Reach {
  readonly host: string
  readonly publicUrl: string | undefined
}

/** True when, according to the configuration, the server can be reached only from this machine. */
export function isLocal({ host, publicUrl }: Reach): boolean {
  return (
    isLoopback(host) &&
    (publicUrl === undefined || isLoopback(new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1')))
  )
}

/** @throws UnguardedServerError when others can reach the server and nothing identifies them */
export async function assertGuarded(
  db: Sql,
  reach: Reach,
  identityProvider: Authenticator | undefined,
): Promise<void> {
  if (isLocal(reach) || identityProvider || (await hasTokens(db))) return
  const setting = isLoopback(reach.host) ? `PUBLIC_URL=${reach.publicUrl ?? ''}` : `HOST=${reach.host}`
  throw new UnguardedServerError(
    `${setting} opens the server to other machines, and there is no token yet: anyone who reaches it would have full access. ` +
      'Create one with "npx mediakeep token create --name admin --scopes admin", or set JWKS_URL.',
  )
}
