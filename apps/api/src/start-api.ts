import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PrismaClient } from '@mediakeep/db'
import type { PipelineStats } from '@mediakeep/pipeline'
import type { Sql } from '@mediakeep/sql'
import type { Actions, OpenMedia } from './actions.ts'
import { graphqlHandler } from './graphql/graphql-server.ts'
import type { ErrorLog } from './graphql/mask-error.ts'
import { sendReadiness, type ReadinessChecks } from './http/health.ts'
import { isLoopback, isOwnHost } from './http/host-guard.ts'
import { landingPage } from './http/landing.ts'
import { openMetrics, type Metrics } from './http/metrics.ts'
import { mediaLinks } from './media/links.ts'
import { mediaRoute } from './media/media-route.ts'
import { openThumbnails, type ThumbnailStore } from './media/thumbnails.ts'

export interface ApiOptions {
  readonly db: Sql
  readonly prisma: PrismaClient
  readonly openMedia: OpenMedia
  readonly actions: Actions
  readonly readStats: () => Promise<PipelineStats>
  /** By name; each rejects, with a message for the operator, when something is not there. */
  readonly readiness: ReadinessChecks
  readonly log: ErrorLog
  readonly isProduction: boolean
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Where clients reach the server, when that is not host and port. */
  readonly publicUrl: string | undefined
  readonly signingSecret: string
  readonly importFolder: string | undefined
  readonly uploadFolder: string
  readonly thumbnailStore: ThumbnailStore
  /** Of one uploaded file; 4 GiB unless given. */
  readonly maxUploadBytes?: number
  /** How long `close` waits for requests that are under way; 10,000 unless given. */
  readonly drainMs?: number
}

export interface Api {
  /** Where it listens. */
  readonly url: string
  /** Takes no new requests, lets those under way end, closes. */
  close(): Promise<void>
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void

/** Starts the server. @throws the system's error when it cannot listen */
export async function startApi(options: ApiOptions): Promise<Api> {
  const server = createServer({ requestTimeout: 0, headersTimeout: 30_000 })
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`
  const state = { draining: false }
  const metrics = openMetrics(options.readStats)
  const routes = openRoutes(options, metrics, options.publicUrl ?? url, state)
  server.on('request', (request, response) => {
    // A connection that is kept alive would hold the drain until it times out.
    response.once('close', () => setImmediate(() => state.draining && server.closeIdleConnections()))
    void answer(options, metrics, routes, request, response)
  })
  return {
    url,
    async close() {
      state.draining = true
      await drain(server, options.drainMs ?? 10_000)
    },
  }
}

function openRoutes(
  options: ApiOptions,
  metrics: Metrics,
  baseUrl: string,
  state: { readonly draining: boolean },
): (path: string) => { readonly name: string; readonly handle: Handler } {
  const graphql = graphqlHandler({
    ...options,
    links: mediaLinks({ baseUrl, secret: options.signingSecret }),
    maxUploadBytes: options.maxUploadBytes ?? 4 * 1024 ** 3,
  })
  const media = mediaRoute({
    ...options,
    thumbnails: openThumbnails(options.thumbnailStore),
    secret: options.signingSecret,
    // Behind a proxy, loopback is where everybody comes from.
    allowUnsigned: isLoopback(options.host) && options.publicUrl === undefined,
  })
  const exact: Record<string, Handler> = {
    '/graphql': graphql,
    '/health/live': (_request, response) => send(response, 200, 'text/plain', 'ok\n'),
    '/health/ready': (_request, response) => sendReadiness(response, options.readiness, () => state.draining),
    '/metrics': async (_request, response) => send(response, 200, metrics.contentType, await metrics.read()),
    '/': (_request, response) => send(response, 200, 'text/html', landingPage(options.isProduction)),
  }
  return (path) => {
    if (Object.hasOwn(exact, path)) return { name: path, handle: exact[path]! }
    if (path.startsWith('/media/')) return { name: '/media', handle: media }
    return { name: 'none', handle: (_request, response) => send(response, 404, 'text/plain', 'Not found.\n') }
  }
}

async function answer(
  options: ApiOptions,
  metrics: Metrics,
  routes: ReturnType<typeof openRoutes>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now()
  const url = URL.parse(request.url ?? '/', 'http://localhost')
  const { name, handle } = routes(url?.pathname ?? '')
  response.once('close', () => {
    metrics.observe(name, request.method ?? '', response.statusCode, (performance.now() - started) / 1000)
  })
  try {
    const publicHost = options.publicUrl && new URL(options.publicUrl).host
    if (isLoopback(options.host) && !isOwnHost(request.headers.host, publicHost))
      send(
        response,
        403,
        'text/plain',
        'This server answers to its own names only; set PUBLIC_URL to add one.\n',
      )
    else await handle(request, response, url!)
  } catch (error) {
    options.log.error({ err: error, route: name }, 'a request failed')
    if (response.headersSent) response.destroy()
    else send(response, 500, 'text/plain', 'Something went wrong here; the log has more.\n')
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(body)
}

async function drain(server: Server, drainMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(force)
}
