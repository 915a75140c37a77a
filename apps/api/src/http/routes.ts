import type { IncomingMessage, ServerResponse } from 'node:http'
import { allows, type Viewer } from '@mediakeep/access'
import type { RouteAccess } from '../access/request-guard.ts'
import type { GraphqlHandler } from '../graphql/server/graphql-server.ts'
import type { MediaRoute } from '../media/media-route.ts'
import { graphiqlPage, isPageRequest, PAGE_HEADERS } from './graphiql.ts'
import { sendReadiness, type Readiness } from './health.ts'
import { landingPage } from './landing.ts'
import type { Metrics } from './metrics.ts'

export interface Route {
  /** The route's name in metrics and logs. */
  readonly name: string
  readonly access: (request: IncomingMessage, url: URL) => RouteAccess
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    viewer: Viewer | undefined,
  ): Promise<void> | void
}

export interface RouteParts {
  readonly graphql: GraphqlHandler
  readonly media: MediaRoute
  readonly metrics: Metrics
  /** The public keys that sign the custody log's checkpoints, as JSON. */
  readonly keys: () => Promise<string>
  readonly readiness: Readiness
  readonly isDraining: () => boolean
  readonly isProduction: boolean
  /** Serves the console at `/` instead of the landing page; undefined if it has not been built. */
  readonly console: ((path: string) => Route | undefined) | undefined
}

/** The paths of all routes except `/media/<id>` and the console. */
export const PATHS = [
  '/',
  '/.well-known/mediakeep-keys.json',
  '/graphql',
  '/health/live',
  '/health/ready',
  '/health/serving',
  '/metrics',
] as const

type Path = (typeof PATHS)[number]

/** Maps paths to routes, each with its access rule. */
export function openRoutes(parts: RouteParts): (path: string) => Route {
  const exact = new Map<string, Route>(
    PATHS.map((path) => [path, { name: path, ...exactRoutes(parts)[path] }]),
  )
  const media: Route = {
    name: '/media',
    access: (_request, url) => (parts.media.isSigned(url) ? 'signed' : ['read']),
    handle: (request, response, url) => parts.media.handle(request, response, url),
  }
  const none: Route = {
    name: 'none',
    access: () => 'public',
    handle: (_request, response) => send(response, 404, 'text/plain', 'Not found.\n'),
  }
  return (path) => parts.console?.(path) ?? exact.get(path) ?? (path.startsWith('/media/') ? media : none)
}

/** Without these, no request can be answered; the others are about the work behind. */
const SERVING_CHECKS = ['database', 'migrations', 'schema']

function exactRoutes(parts: RouteParts): Record<Path, Omit<Route, 'name'>> {
  const { graphql, metrics, keys, readiness, isDraining, isProduction } = parts
  const isPage = (request: IncomingMessage): boolean => !isProduction && isPageRequest(request)
  return {
    '/graphql': {
      access: (request) => (isPage(request) ? 'public' : 'known'),
      handle: async (request, response, _url, viewer) =>
        isPage(request) ? sendPage(response, await graphiqlPage()) : graphql(request, response, viewer!),
    },
    '/.well-known/mediakeep-keys.json': {
      access: () => 'public',
      handle: async (_request, response) => send(response, 200, 'application/json', await keys()),
    },
    '/health/live': {
      access: () => 'public',
      handle: (_request, response) => send(response, 200, 'text/plain', 'ok\n'),
    },
    '/health/ready': {
      access: () => 'optional',
      handle: (_request, response, _url, viewer) =>
        sendReadiness(response, readiness, isDraining, allows(viewer?.scopes ?? new Set(), ['operate'])),
    },
    '/health/serving': {
      access: () => 'optional',
      handle: (_request, response, _url, viewer) => {
        const withDetails = allows(viewer?.scopes ?? new Set(), ['operate'])
        return sendReadiness(response, () => readiness(SERVING_CHECKS), isDraining, withDetails)
      },
    },
    '/metrics': {
      access: () => ['read', 'operate'],
      handle: async (_request, response) => send(response, 200, metrics.contentType, await metrics.read()),
    },
    '/': {
      access: () => 'public',
      handle: (_request, response) => sendPage(response, landingPage(isProduction)),
    },
  }
}

function sendPage(response: ServerResponse, page: string): void {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value)
  send(response, 200, 'text/html; charset=utf-8', page)
}

export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(body)
}
