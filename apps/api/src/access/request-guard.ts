import type { IncomingMessage, ServerResponse } from 'node:http'
import { allows, type Scope, type Viewer } from '@mediakeep/access'
import { isLoopback, isOwnHost } from './host-guard.ts'
import { allowOrigin, answerPreflight, isPreflight } from './cors.ts'
import type { Authentication } from './authentication.ts'
import { isNavigation, originOf } from './origin.ts'
import { openRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { forbidden, sendRefusal, type Refusal } from './refusal.ts'

/**
 * Who may use a route: `public` everyone; `signed` everyone with a signed link, even on other sites; `optional`
 * everyone, with more details given a token; `known` anyone with a token; otherwise holders of one of these scopes.
 */
export type RouteAccess = 'public' | 'signed' | 'optional' | 'known' | readonly Scope[]

export interface RequestGuardOptions {
  readonly authentication: Authentication
  /** The address the server listens on. */
  readonly host: string
  readonly publicUrl: string | undefined
  /** Origins whose pages may use the API: `https://app.example`. */
  readonly allowedOrigins: readonly string[]
  /** Requests allowed per token and minute; 0: no limit. */
  readonly requestsPerMinute: number
}

/** Admits requests. @returns undefined when it refused or answered the request itself */
export type RequestGuard = (
  request: IncomingMessage,
  response: ServerResponse,
  access: RouteAccess,
  isGraphql: boolean,
) => Promise<{ readonly viewer: Viewer | undefined } | undefined>

export function openRequestGuard(options: RequestGuardOptions): RequestGuard {
  const { authentication, requestsPerMinute } = options
  const publicUrl = options.publicUrl === undefined ? undefined : new URL(options.publicUrl)
  const limiter = requestsPerMinute > 0 ? openRateLimiter(requestsPerMinute) : undefined
  return async (request, response, access, isGraphql) => {
    const stranger = judgePlace(request, response, access, options, publicUrl)
    if (stranger) {
      sendRefusal(response, stranger, isGraphql)
      return undefined
    }
    if (isPreflight(request)) {
      answerPreflight(response)
      return undefined
    }
    const viewer = await admit(authentication, request, access)
    const refusal = viewer && 'status' in viewer ? viewer : viewer && limit(limiter, viewer, response)
    if (refusal) {
      sendRefusal(response, refusal, isGraphql)
      return undefined
    }
    return { viewer: viewer as Viewer | undefined }
  }
}

/** Refuses requests under a foreign host name or from a page of another site, with or without a token. */
function judgePlace(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  access: RouteAccess,
  { host, allowedOrigins }: RequestGuardOptions,
  publicUrl: URL | undefined,
): Refusal | undefined {
  if (isLoopback(host) && !isOwnHost(headers.host, publicUrl?.host))
    return forbidden('This server answers to its own names only; set PUBLIC_URL to add one.')
  const origin = originOf(headers, allowedOrigins, publicUrl?.origin)
  if (origin === 'allowed') allowOrigin(response, headers.origin!)
  if (origin !== 'foreign') return undefined
  const isEmbedded = access === 'signed' && headers.origin === undefined
  if (isEmbedded || (method === 'GET' && isNavigation(headers))) return undefined
  return forbidden('Pages of this origin may not use the server; ALLOWED_ORIGINS adds one.')
}

async function admit(
  authentication: Authentication,
  request: IncomingMessage,
  access: RouteAccess,
): Promise<Viewer | Refusal | undefined> {
  if (access === 'public' || access === 'signed') return undefined
  let viewer: Viewer | undefined
  try {
    viewer = await authentication.identify(request)
  } catch (error) {
    return authentication.refusalOf(error, request)
  }
  if (!viewer) return access === 'optional' ? undefined : authentication.nobody(request)
  if (typeof access === 'string' || allows(viewer.scopes, access)) return viewer
  return forbidden(`This needs the scope ${access.join(' or ')}.`, access)
}

function limit(
  limiter: RateLimiter | undefined,
  viewer: Viewer,
  response: ServerResponse,
): Refusal | undefined {
  // Without tokens there is one local viewer, who is not limited.
  if (!limiter || viewer.id === 'local') return undefined
  const { allowed, remaining, resetSeconds, retryAfterSeconds } = limiter.take(viewer.id)
  response.setHeader('x-ratelimit-limit', limiter.perMinute)
  response.setHeader('x-ratelimit-remaining', remaining)
  response.setHeader('x-ratelimit-reset', resetSeconds)
  if (allowed) return undefined
  return {
    status: 429,
    code: 'RATE_LIMITED',
    message: `This token may send ${limiter.perMinute} requests a minute.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  }
}
