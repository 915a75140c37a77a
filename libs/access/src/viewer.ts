import type { Scope } from './scopes.ts'

/** Who asks, as far as the credential tells. */
export interface Viewer {
  /** Of the credential: `tok-…`, or an identity provider's subject. Goes into logs; tells nothing of the secret. */
  readonly id: string
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** When the credential ends; undefined: when it is revoked. */
  readonly expiresAt: Date | undefined
}

/** Tells who bears a credential. */
export interface Authenticator {
  /**
   * @throws AuthenticationError when the credential is good for nothing
   * @throws IdentityProviderError when that cannot be found out now
   */
  authenticate(credential: string): Promise<Viewer>
}
