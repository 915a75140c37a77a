import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Authenticator } from '@mediakeep/access'
import type { PrismaClient } from '@mediakeep/db'
import type { PipelineStats } from '@mediakeep/pipeline'
import type { PictureDrawerOptions } from '@mediakeep/picture'
import type { CancellableDatabase } from '@mediakeep/sql'
import { openRequestGuard, type RequestGuard } from './access/request-guard.ts'
import { openAuthentication } from './access/authentication.ts'
import { assertGuarded, isLocal } from './access/guarded.ts'
import { watchActiveResponses, type ActiveResponses } from './access/active-responses.ts'
import { databaseUnavailable, sendRefusal } from './access/refusal.ts'
import { isTransient } from './live/transient.ts'
import type { Actions, OpenMedia } from './ports/actions.ts'
import { openGraphql, type ApiLiveOptions, type GraphqlServer } from './graphql/server/graphql-server.ts'
import type { PersistedOperations } from './graphql/server/persisted-operations.ts'
import { openConsole } from './http/console.ts'
import { openPublishedKeys } from './http/published-keys.ts'
import { openReadiness, type ReadinessChecks } from './http/health.ts'
import { openMetrics, type Metrics } from './http/metrics.ts'
import { openRoutes, send, type Route, type RouteParts } from './http/routes.ts'
import type { Log } from './ports/log.ts'
import { mediaLinks } from './media/links.ts'
import { mediaRoute } from './media/media-route.ts'
import { openThumbnails, type Thumbnails, type ThumbnailStore } from './media/thumbnails.ts'

const MAX_UPLOAD_BYTES = 4 * 1024 ** 3

export interface ApiOptions {
  readonly db: CancellableDatabase
  readonly prisma: PrismaClient
  readonly openMedia: OpenMedia
  readonly actions: Actions
  readonly readStats: () => Promise<PipelineStats>
  /** Checks by name; each rejects with a message for the operator when a dependency is unavailable. */
  readonly readiness: ReadinessChecks
  readonly log: Log
  readonly isProduction: boolean
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** URL at which clients reach the server, if it is not host and port. */
  readonly publicUrl: string | undefined
  readonly signingSecret: string
  /** Checks credentials that are not our tokens. */
  readonly identityProvider?: Authenticator | undefined
  /** Origins whose pages may use the API; default none. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Requests allowed per token and minute; default unlimited. */
  readonly requestsPerMinute?: number | undefined
  readonly persisted?: PersistedOperations | undefined
  /** Duration of analysis leases when the client gives none, in seconds; default 300. */
  readonly analysisLeaseSeconds?: number | undefined
  /** Options for subscriptions; without `listen`, every process polls the event log at its full rate. */
  readonly live?: ApiLiveOptions | undefined
  /** Folder with the built console. */
  readonly consoleFolder?: string | undefined
  readonly importFolder: string | undefined
  readonly uploadFolder: string
  readonly thumbnailStore: ThumbnailStore
  /** How the processes that draw thumbnails are kept from the rest of the machine. */
  readonly isolation: PictureDrawerOptions['isolation']
  /** Maximum size of all files of one request, in bytes; default 4 GiB. */
  readonly maxUploadBytes?: number
  /** Limit for all uploads together while they are received; default: twice that of one. */
  readonly maxUploadBytesInFlight?: number
  /** Refuses an upload that sends nothing for this many milliseconds; default 30,000. */
  readonly uploadStallMs?: number | undefined
  /** How long `close` waits for requests in progress, in milliseconds; default 10,000. */
  readonly drainMs?: number
}

export interface Api {
  /** URL the server listens on. */
  readonly url: string
  /** True when the server started without any authentication: anyone on this machine may do everything. */
  readonly isUnguarded: boolean
  /** Stops accepting requests, waits for those in progress, and closes. */
  close(): Promise<void>
}

/**
 * Starts the server.
 *
 * @throws UnguardedServerError when others can reach the server and nothing identifies them
 * @throws the system's error when it cannot listen
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  await assertGuarded(options.db, options, options.identityProvider)
  const server = createServer({ requestTimeout: 0, headersTimeout: 30_000 })
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`
  const state = { draining: false }
  const { log, allowedOrigins = [], requestsPerMinute = 0 } = options
  const authentication = openAuthentication({
    db: options.db,
    identityProvider: options.identityProvider,
    isLocal: isLocal(options),
    log,
  })
  const baseUrl = options.publicUrl ?? url
  const graphql = openGraphql({
    ...options,
    links: mediaLinks({ baseUrl, secret: options.signingSecret }),
    maxUploadBytes: options.maxUploadBytes ?? MAX_UPLOAD_BYTES,
    maxUploadBytesInFlight:
      options.maxUploadBytesInFlight ?? 2 * (options.maxUploadBytes ?? MAX_UPLOAD_BYTES),
    persisted: options.persisted,
  })
  const parts: Parts = {
    log,
    requestGuard: openRequestGuard({ ...options, authentication, allowedOrigins, requestsPerMinute }),
    activeResponses: watchActiveResponses(authentication, log),
    metrics: openMetrics(options.readStats, () => graphql.live.stats),
  }
  const thumbnails = openThumbnails(options.thumbnailStore, options.isolation)
  const routes = openRoutes(routeParts({ ...options, thumbnails }, graphql, parts.metrics, state, baseUrl))
  server.on('request', (request, response) => {
    // Close idle connections: kept alive, they would hold up the drain until it times out.
    response.once('close', () => setImmediate(() => state.draining && server.closeIdleConnections()))
    void answer(parts, routes, request, response)
  })
  return {
    url,
    isUnguarded: await authentication.isUnguarded(),
    async close() {
      state.draining = true
      parts.activeResponses.close()
      await graphql.live.close()
      await drain(server, options.drainMs ?? 10_000)
      await thumbnails.close()
    },
  }
}

function routeParts(
  options: ApiOptions & { readonly thumbnails: Thumbnails },
  graphql: GraphqlServer,
  metrics: Metrics,
  state: { readonly draining: boolean },
  baseUrl: string,
): RouteParts {
  return {
    graphql: graphql.handle,
    media: mediaRoute({ ...options, secret: options.signingSecret }),
    metrics,
    keys: openPublishedKeys(options.db),
    readiness: openReadiness(options.readiness),
    isDraining: () => state.draining,
    isProduction: options.isProduction,
    console: openConsole(options.consoleFolder, new URL(baseUrl).origin),
  }
}

interface Parts {
  readonly log: Log
  readonly requestGuard: RequestGuard
  readonly activeResponses: ActiveResponses
  readonly metrics: Metrics
}

async function answer(
  { log, requestGuard, activeResponses, metrics }: Parts,
  routes: (path: string) => Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now()
  const url = URL.parse(request.url ?? '/', 'http://localhost') ?? new URL('http://localhost/')
  const route = routes(url.pathname)
  response.once('close', () => {
    const seconds = (performance.now() - started) / 1000
    metrics.observe(route.name, request.method ?? '', response.statusCode, seconds)
  })
  try {
    const admitted = await requestGuard(
      request,
      response,
      route.access(request, url),
      route.name === '/graphql',
    )
    if (!admitted) return
    if (admitted.viewer) activeResponses.add(admitted.viewer, response)
    await route.handle(request, response, url, admitted.viewer)
  } catch (error) {
    log.error({ err: error, route: route.name }, 'a request failed')
    if (response.headersSent) response.destroy()
    else if (isTransient(error)) sendRefusal(response, databaseUnavailable, route.name === '/graphql')
    else send(response, 500, 'text/plain', 'Something went wrong here; the log has more.\n')
  }
}

async function drain(server: Server, drainMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(force)
}
