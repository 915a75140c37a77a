/** Reason for rejecting a credential. It is logged; the sender learns only that a genuine credential has ended. */
export type RefusalReason = 'malformed' | 'unknown' | 'expired' | 'revoked' | 'not_yet_valid' | 'untrusted'

/** The credential is not valid. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError'
  readonly code = 'unauthenticated'
  readonly reason: RefusalReason
  /** The credential's id and name, if known. */
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

/** The identity provider's keys are unavailable, so its credentials cannot be checked now. */
export class IdentityProviderError extends Error {
  override readonly name = 'IdentityProviderError'
  readonly code = 'identity_provider_unavailable'
}

/** An active token already has this name. */
export class TokenNameTakenError extends Error {
  override readonly name = 'TokenNameTakenError'
  readonly code = 'token_name_taken'

  constructor(tokenName: string, options?: ErrorOptions) {
    super(`There is a token "${tokenName}" already; revoke it, or choose another name.`, options)
  }
}

/** There is no token with this id or name. */
export class TokenNotFoundError extends Error {
  override readonly name = 'TokenNotFoundError'
  readonly code = 'token_not_found'

  constructor(idOrName: string) {
    super(`There is no token "${idOrName}".`)
  }
}
