import type { Scope } from './scopes.ts'

/** The user or program behind a request, as described by its credential. */
export interface Viewer {
  /** The credential's id: `tok-…`, or an identity provider's subject. Safe to log, because it reveals no secret. */
  readonly id: string
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** Expiry time of the credential; undefined if it is valid until revoked. */
  readonly expiresAt: Date | undefined
}

/** Identifies the holder of a credential. */
export interface Authenticator {
  /**
   * @throws AuthenticationError if the credential is not valid
   * @throws IdentityProviderError if that cannot be determined now
   */
  authenticate(credential: string): Promise<Viewer>
}
