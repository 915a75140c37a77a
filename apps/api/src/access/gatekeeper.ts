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
import { unauthenticated, type Refusal } from './refusal.ts'

const TOKEN_ID = 'tok-'
const UNGUARDED_RECHECK_MS = 3000
/** Of one address. */
const FAILURES_PER_MINUTE = 600

/** Whoever is at this machine, while there is no token: may do everything. */
const LOCAL_VIEWER: Viewer = { id: 'local', name: 'local', scopes: new Set(SCOPES), expiresAt: undefined }

export interface GatekeeperOptions {
  readonly db: Sql
  /** Checks what is not a token of ours; undefined: nobody does. */
  readonly identityProvider: Authenticator | undefined
  /** Whether the server is reached from this machine alone. */
  readonly isLocal: boolean
  readonly log: Log
}

/** Finds out who asks. */
export interface Gatekeeper {
  /** Whether everybody on this machine may do everything: until there is a first token, and never again. */
  isUnguarded(): Promise<boolean>
  /** @returns undefined when there is no credential and one is needed */
  identify(request: IncomingMessage): Promise<Viewer | undefined>
  /** What a failure of `identify` is answered with. Anything that is no failure of a credential is thrown on. */
  refusalOf(error: unknown, request: IncomingMessage): Refusal
  /** What a request without a credential is answered with. */
  nobody(request: IncomingMessage): Refusal
  /** @returns of those who were let in the ones who would not be now, by the ids of their credentials */
  ended(viewers: readonly Viewer[]): Promise<ReadonlySet<string>>
}

export function openGatekeeper({ db, identityProvider, isLocal, log }: GatekeeperOptions): Gatekeeper {
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
      if (header === undefined) return (await isUnguarded()) ? LOCAL_VIEWER : undefined
      const credential = /^Bearer +(\S+) *$/i.exec(header)?.[1]
      if (credential === undefined) throw new AuthenticationError('malformed')
      if (isSecret(credential) || !identityProvider) return tokens.authenticate(credential)
      return identityProvider.authenticate(credential)
    },
    refusalOf(error, request) {
      if (error instanceof AuthenticationError) {
        const { reason, credential } = error
        return refuse(request, unauthenticated(true), { reason, credential })
      }
      if (!(error instanceof IdentityProviderError)) throw error
      log.error({ err: error }, 'the identity provider is away')
      const { message } = error
      return { status: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE', message, headers: { 'retry-after': '30' } }
    },
    nobody: (request) => refuse(request, unauthenticated(false), { reason: 'no token' }),
    async ended(viewers) {
      const ids = viewers.map(({ id }) => id)
      const ended = await tokens.ended(ids.filter((id) => id.startsWith(TOKEN_ID)))
      // An identity provider's tokens bear their end, and cannot be revoked.
      const isOver = ({ id, expiresAt }: Viewer): boolean =>
        !id.startsWith(TOKEN_ID) && expiresAt !== undefined && expiresAt.getTime() <= Date.now()
      const others = viewers.filter(isOver).map(({ id }) => id)
      const isLocalOver = ids.includes(LOCAL_VIEWER.id) && !(await isUnguarded())
      return new Set([...ended, ...others, ...(isLocalOver ? [LOCAL_VIEWER.id] : [])])
    },
  }
}

/** Asks the database, and for three seconds believes it. */
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

/** Whoever tries again and again is told to wait; who comes from the same address with a good token is not. */
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

/** Without the query: it may hold a signature. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0]!.slice(0, 200)
}
