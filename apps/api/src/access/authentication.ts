import type { IncomingMessage } from 'node:http'
import {
  AuthenticationError,
  hasTokens,
  IdentityProviderError,
  isSecret,
  openTokenAuthenticator,
  SCOPES,
  type Authenticator,
  type Viewer,
} from '@mediakeep/access'
import type { Sql } from '@mediakeep/sql'
import type { Log } from '../ports/log.ts'
import { openRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { forbidden, unauthenticated, type Refusal } from './refusal.ts'

const TOKEN_ID = 'tok-'
const UNGUARDED_RECHECK_MS = 3000
/** Failed attempts allowed per address and minute. */
const FAILURES_PER_MINUTE = 600

/** Anyone on this machine while no token exists; may do everything. */
const LOCAL_VIEWER: Viewer = { id: 'local', name: 'local', scopes: new Set(SCOPES), expiresAt: undefined }

export interface AuthenticationOptions {
  readonly db: Sql
  /** Checks credentials that are not our tokens; undefined: they are rejected. */
  readonly identityProvider: Authenticator | undefined
  /** True when the server can be reached only from this machine. */
  readonly isLocal: boolean
  readonly log: Log
}

/** A request came through a proxy to a server without tokens, so its sender may be on another machine. */
class ForwardedRequestError extends Error {
  override readonly name = 'ForwardedRequestError'
  readonly code = 'forwarded_without_tokens'

  constructor() {
    super(
      'This server has no token yet, so every user of this machine has full access, and requests through a proxy are refused. ' +
        'Create a token with "npx mediakeep token create --name admin --scopes admin" and send it.',
    )
  }
}

const FORWARDING_HEADERS = ['forwarded', 'via', 'x-real-ip']

function isForwarded({ headers }: IncomingMessage): boolean {
  return Object.keys(headers).some(
    (name) => FORWARDING_HEADERS.includes(name) || name.startsWith('x-forwarded-'),
  )
}

/** Identifies who sends a request. */
export interface Authentication {
  /** True while everyone on this machine may do everything: until the first token is created, and never again. */
  isUnguarded(): Promise<boolean>
  /** @returns undefined when a credential is required and missing */
  identify(request: IncomingMessage): Promise<Viewer | undefined>
  /** Returns the refusal for an error of `identify`. @throws the error itself when it is not about a credential */
  refusalOf(error: unknown, request: IncomingMessage): Refusal
  /** Returns the refusal for a request without a credential. */
  nobody(request: IncomingMessage): Refusal
  /** @returns the viewers whose credentials have ended since they were admitted */
  ended(viewers: readonly Viewer[]): Promise<ReadonlySet<Viewer>>
}

export function openAuthentication({
  db,
  identityProvider,
  isLocal,
  log,
}: AuthenticationOptions): Authentication {
  const tokens = openTokenAuthenticator(db)
  const failures = openRateLimiter(FAILURES_PER_MINUTE)
  const isUnguarded = unguarded(db, isLocal && identityProvider === undefined)
  const refuse = (request: IncomingMessage, refusal: Refusal, details: object): Refusal => {
    const limited = limitFailures(failures, request)
    if (limited) return limited
    log.warn(
      { ...details, status: refusal.status, address: request.socket.remoteAddress, url: pathOf(request) },
      'refused',
    )
    return refusal
  }
  return {
    isUnguarded,
    async identify(request) {
      const header = request.headers.authorization
      if (header === undefined) {
        if (!(await isUnguarded())) return undefined
        if (isForwarded(request)) throw new ForwardedRequestError()
        return LOCAL_VIEWER
      }
      const credential = /^Bearer +(\S+) *$/i.exec(header)?.[1]
      if (credential === undefined) throw new AuthenticationError('malformed')
      if (isSecret(credential) || !identityProvider) return tokens.authenticate(credential)
      return identityProvider.authenticate(credential)
    },
    refusalOf(error, request) {
      if (error instanceof AuthenticationError) {
        const { reason, credential } = error
        return refuse(request, unauthenticated(error.reason), { reason, credential })
      }
      if (error instanceof ForwardedRequestError)
        return refuse(request, forbidden(error.message), { reason: error.code })
      if (!(error instanceof IdentityProviderError)) throw error
      log.error({ err: error }, 'the identity provider cannot be reached')
      const { message } = error
      return { status: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE', message, headers: { 'retry-after': '30' } }
    },
    nobody: (request) => refuse(request, unauthenticated('missing'), { reason: 'no token' }),
    async ended(viewers) {
      const ids = new Set(viewers.map(({ id }) => id))
      const revoked = await tokens.ended([...ids].filter((id) => id.startsWith(TOKEN_ID)))
      const isLocalOver = ids.has(LOCAL_VIEWER.id) && !(await isUnguarded())
      const now = Date.now()
      const isOver = ({ id, expiresAt }: Viewer): boolean => {
        if (id.startsWith(TOKEN_ID)) return revoked.has(id)
        if (id === LOCAL_VIEWER.id) return isLocalOver
        // A token of an identity provider has its own expiry; other tokens of the same subject may remain valid.
        return expiresAt !== undefined && expiresAt.getTime() <= now
      }
      return new Set(viewers.filter(isOver))
    },
  }
}

/** Returns a check whether the server has no tokens, which asks the database at most every three seconds. */
function unguarded(db: Sql, isPossible: boolean): () => Promise<boolean> {
  let isGuarded = !isPossible
  let checkedAt = -Infinity
  return async () => {
    if (isGuarded) return false
    if (performance.now() - checkedAt > UNGUARDED_RECHECK_MS) {
      isGuarded = await hasTokens(db)
      checkedAt = performance.now()
    }
    return !isGuarded
  }
}

/** Limits failed attempts per address. Requests with a valid token from the same address are not limited. */
function limitFailures(failures: RateLimiter, request: IncomingMessage): Refusal | undefined {
  const { allowed, retryAfterSeconds } = failures.take(request.socket.remoteAddress ?? '')
  if (allowed) return undefined
  return {
    status: 429,
    code: 'RATE_LIMITED',
    message: 'Too many requests without a valid token.',
    headers: { 'retry-after': String(retryAfterSeconds) },
  }
}

/** Returns the path without the query, which may contain a signature. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0]!.slice(0, 200)
}
