/** Why a credential is not accepted. The log says which; whoever sent it learns only that a genuine one is over. */
export type RefusalReason = 'malformed' | 'unknown' | 'expired' | 'revoked' | 'not_yet_valid' | 'untrusted'

/** A credential that is good for nothing. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError'
  readonly code = 'unauthenticated'
  readonly reason: RefusalReason
  /** Of the credential, where it is known. */
  readonly credential: { readonly id: string; readonly name: string } | undefined

  constructor(
    reason: RefusalReason,
    options: ErrorOptions & { readonly credential?: { readonly id: string; readonly name: string } } = {},
  ) {
    super(`The credential is ${reason.replaceAll('_', ' ')}.`, options)
    this.reason = reason
    this.credential = options.credential
  }
}

/** The identity provider's keys cannot be had, so that no credential of its can be checked now. */
export class IdentityProviderError extends Error {
  override readonly name = 'IdentityProviderError'
  readonly code = 'identity_provider_unavailable'
}

/** A living token has this name already. */
export class TokenNameTakenError extends Error {
  override readonly name = 'TokenNameTakenError'
  readonly code = 'token_name_taken'

  constructor(tokenName: string, options?: ErrorOptions) {
    super(`There is a token "${tokenName}" already; revoke it, or choose another name.`, options)
  }
}

/** There is no token of this id or name. */
export class TokenNotFoundError extends Error {
  override readonly name = 'TokenNotFoundError'
  readonly code = 'token_not_found'

  constructor(idOrName: string) {
    super(`There is no token "${idOrName}".`)
  }
}
