import type { ServerResponse } from 'node:http'
import type { RefusalReason } from '@mediakeep/access'
import { answerEarly } from './early-answer.ts'

/** The answer to a refused request; contains no data. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 429 | 503
  /** A stable code for programs. */
  readonly code:
    | 'UNAUTHENTICATED'
    | 'FORBIDDEN'
    | 'RATE_LIMITED'
    | 'IDENTITY_PROVIDER_UNAVAILABLE'
    | 'DATABASE_UNAVAILABLE'
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Returns the challenge for the client, as specified in RFC 6750. */
export function challenge(
  error?: 'invalid_token' | 'insufficient_scope',
  scopes: readonly string[] = [],
): string {
  const scope = scopes.length > 0 ? `, scope="${scopes.join(' ')}"` : ''
  return `Bearer realm="mediakeep"${error ? `, error="${error}"` : ''}${scope}`
}

export function forbidden(message: string, scopes: readonly string[] = []): Refusal {
  return {
    status: 403,
    code: 'FORBIDDEN',
    message,
    ...(scopes.length > 0 && { headers: { 'www-authenticate': challenge('insufficient_scope', scopes) } }),
  }
}

const UNAUTHENTICATED_MESSAGES = {
  missing: 'A token is needed, sent as "Authorization: Bearer …".',
  invalid: 'The token is not valid on this server.',
  expired: 'The token has expired.',
  revoked: 'The token was revoked.',
  not_yet_valid: 'The token is not valid yet.',
}

/**
 * The answer to a request without a valid token. Only holders of a genuine token learn that it has ended; unknown,
 * malformed and untrusted tokens all get the same answer.
 */
export function unauthenticated(reason: RefusalReason | 'missing'): Refusal {
  const known =
    reason in UNAUTHENTICATED_MESSAGES ? (reason as keyof typeof UNAUTHENTICATED_MESSAGES) : 'invalid'
  return {
    status: 401,
    code: 'UNAUTHENTICATED',
    message: UNAUTHENTICATED_MESSAGES[known],
    headers: { 'www-authenticate': challenge(reason === 'missing' ? undefined : 'invalid_token') },
  }
}

/** Sends only the refusal, and discards a body that is still arriving. */
export function sendRefusal(
  response: ServerResponse,
  { status, code, message, headers }: Refusal,
  asGraphql: boolean,
): void {
  const type = asGraphql ? 'application/json' : 'text/plain'
  const body = asGraphql ? JSON.stringify({ errors: [{ message, extensions: { code } }] }) : `${message}\n`
  const all = { ...headers, 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }
  answerEarly(response, status, all, body)
}

/** Without its database, the server can check neither tokens nor media. */
export const databaseUnavailable: Refusal = {
  status: 503,
  code: 'DATABASE_UNAVAILABLE',
  message: 'The database cannot be reached now: try again in some seconds.',
  headers: { 'retry-after': '5' },
}
