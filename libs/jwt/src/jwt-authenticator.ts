import {
  AuthenticationError,
  IdentityProviderError,
  isScope,
  type Authenticator,
  type RefusalReason,
  type Scope,
  type Viewer,
} from '@mediakeep/access'
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'

// Asymmetric algorithms only: a published key must not be usable to create signatures.
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
const CLOCK_TOLERANCE_SECONDS = 5
const TIMEOUT_MS = 5000
/** Keys are refetched after `CACHE_MS`, and immediately for an unknown key, but at most once per `COOLDOWN_MS`. */
const CACHE_MS = 600_000
const COOLDOWN_MS = 30_000

export interface JwtOptions {
  /** The provider's key set. */
  readonly jwksUrl: string
  /** Required value of `iss`. */
  readonly issuer: string
  /** `aud` must contain this. */
  readonly audience: string
  /** The claim that lists scopes, as an array or one string; default `scope`, or `scp` if that is absent. */
  readonly scopesClaim?: string | undefined
  /** Minimum milliseconds between two requests for an unknown key; default 30,000. */
  readonly cooldownMs?: number
}

/** Authenticates holders of JSON Web Tokens (RFC 7519) that an identity provider signed. */
export function openJwtAuthenticator(options: JwtOptions): Authenticator {
  const { issuer, audience, scopesClaim, cooldownMs = COOLDOWN_MS } = options
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: cooldownMs,
    cacheMaxAge: CACHE_MS,
  })
  return {
    async authenticate(credential) {
      try {
        const { payload } = await jwtVerify(credential, keys, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        })
        return toViewer(payload, scopesClaim)
      } catch (error) {
        throw translate(error)
      }
    },
  }
}

function toViewer(payload: JWTPayload, scopesClaim: string | undefined): Viewer {
  const { preferred_username: userName, client_id: client, sub = '', exp = 0 } = payload
  const name = [userName, client, sub].find((text) => typeof text === 'string' && text !== '') as string
  return {
    id: `${payload.iss ?? ''}#${sub}`,
    name,
    scopes: scopesOf(scopesClaim === undefined ? (payload['scope'] ?? payload['scp']) : payload[scopesClaim]),
    expiresAt: new Date(exp * 1000),
  }
}

/** Parses a claim such as `"read import"` or `["read", "import"]`; ignores scopes that are not ours. */
function scopesOf(claim: unknown): Set<Scope> {
  const given = typeof claim === 'string' ? claim.split(/\s+/) : Array.isArray(claim) ? claim : []
  return new Set(given.filter((text): text is Scope => typeof text === 'string' && isScope(text)))
}

function translate(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return new AuthenticationError('expired', { cause: error })
  const reason = refusalOf(error)
  if (reason) return new AuthenticationError(reason, { cause: error })
  return new IdentityProviderError("The identity provider's keys cannot be had now.", { cause: error })
}

/** @returns undefined if the token is not the problem */
function refusalOf(error: unknown): RefusalReason | undefined {
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'nbf' ? 'not_yet_valid' : 'untrusted'
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return 'malformed'
  const untrusted = [
    ...[errors.JWSSignatureVerificationFailed, errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys],
    ...[errors.JOSEAlgNotAllowed, errors.JOSENotSupported],
  ]
  return untrusted.some((type) => error instanceof type) ? 'untrusted' : undefined
}
