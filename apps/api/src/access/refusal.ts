import type { ServerResponse } from 'node:http'
import { answerEarly } from './early-answer.ts'

/** Why a request is answered with nothing. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 429 | 503
  /** Stable, for programs. */
  readonly code:
    | 'UNAUTHENTICATED'
    | 'FORBIDDEN'
    | 'RATE_LIMITED'
    | 'IDENTITY_PROVIDER_UNAVAILABLE'
    | 'DATABASE_UNAVAILABLE'
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** How to come back, as RFC 6750 says it. */
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

/** Without a token, or with one that is good for nothing: which of the reasons it is, only the log says. */
export function unauthenticated(given: boolean): Refusal {
  return {
    status: 401,
    code: 'UNAUTHENTICATED',
    message: given
      ? 'The token is not valid: unknown, expired or revoked.'
      : 'A token is needed, sent as "Authorization: Bearer …".',
    headers: { 'www-authenticate': challenge(given ? 'invalid_token' : undefined) },
  }
}

/** Answers with the refusal alone; a body that is still under way is thrown away. */
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

/** Without its database the server knows neither tokens nor media. */
export const databaseUnavailable: Refusal = {
  status: 503,
  code: 'DATABASE_UNAVAILABLE',
  message: 'The database cannot be reached now: try again in some seconds.',
  headers: { 'retry-after': '5' },
}
