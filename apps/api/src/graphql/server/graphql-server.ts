import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Viewer } from '@mediakeep/access'
import type { PipelineStats } from '@mediakeep/pipeline'
import type { CancellableDatabase } from '@mediakeep/sql'
import {
  NoSchemaIntrospectionCustomRule,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type ParseOptions,
} from 'graphql'
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import { auditMutations, logForbidden } from '../../access/audit.ts'
import { requireScopes } from '../../access/require-scopes.ts'
import { streamSubscription, type Enveloped } from './live-handler.ts'
import { LiveHub, type LiveOptions } from '../../live/live-hub.ts'
import { readBodyParams, readSearch, type Params } from './params.ts'
import type { Log } from '../../ports/log.ts'
import { Batches } from '../context/batch.ts'
import { cancelQueries, clientLeaves } from './cancel-queries.ts'
import { compileHotQueries } from './compile-hot.ts'
import type { Context } from '../context/context.ts'
import { MAX_COST, operationCost, tooCostly } from './cost.ts'
import { locateInFolder } from '../context/import-sources.ts'
import { MAX_TOKENS, operationLimits } from './limits.ts'
import { maskError, withoutSuggestions } from './mask-error.ts'
import { MultipartError, noUploads, readMultipart, type Uploads } from './multipart.ts'
import { persistedOperations, type PersistedOperations } from './persisted-operations.ts'
import { answerPlainQuery, KnownQueries, takesJson } from './plain-query.ts'
import { MAX_BODY_BYTES, readBody, refuse } from './request-body.ts'
import { openOverviewReads } from '../context/overview-reads.ts'
import { schema } from '../schema.ts'

/** Any of them keeps a browser from sending a form across sites without asking first. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight', 'x-graphql-yoga-csrf']

export interface GraphqlOptions extends Pick<Context, 'prisma' | 'actions' | 'links'> {
  readonly db: CancellableDatabase
  readonly readStats: () => Promise<PipelineStats>
  readonly log: Log
  readonly isProduction: boolean
  /** Absolute; files below it may be named by `importPosts`. */
  readonly importFolder: string | undefined
  /** Where uploads are spooled. */
  readonly uploadFolder: string
  readonly maxUploadBytes: number
  /** Undefined: clients send what they like. */
  readonly persisted: PersistedOperations | undefined
  readonly analysisLeaseSeconds?: number | undefined
  readonly live?: ApiLiveOptions | undefined
}

/** How subscriptions are served. */
export type ApiLiveOptions = Pick<LiveOptions, 'listen' | 'maxClients' | 'heartbeatMs' | 'stallMs'>

interface ServerContext {
  readonly uploads: Uploads
  readonly viewer: Viewer
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal
}

export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
) => Promise<void>

/** GraphQL, and the streams of its subscriptions. */
export interface GraphqlServer {
  readonly handle: GraphqlHandler
  readonly live: LiveHub
}

export function openGraphql(options: GraphqlOptions): GraphqlServer {
  const known = new KnownQueries()
  const overview = openOverviewReads(options.db, options.readStats)
  const mask = (error: unknown): GraphQLError => maskError(error, options.log, options.isProduction)
  const live = new LiveHub({
    ...options.live,
    sql: options.db,
    maskError: mask,
    onError: (error) =>
      options.log.warn({ err: error }, 'subscriptions: the event log could not be followed'),
  })
  const yoga = createYoga<ServerContext, Context>({
    schema,
    context: ({ uploads, viewer }) => ({ ...requestContext(options, uploads, viewer), overview }),
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    logging: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    maskedErrors: { maskError: mask },
    extraParamNames: ['documentId'],
    plugins: [
      ...(options.persisted ? [persistedOperations(options.persisted)] : []),
      limits(options.isProduction),
      requireScopes((viewer, fields) => logForbidden(options.log, viewer, fields)),
      costLimit(),
      cancelQueries(options.db),
      auditMutations(options.log),
      compileHotQueries(),
      known.plugin,
    ],
  })
  const stream: Stream = (request, response, params, context) =>
    streamSubscription(
      yoga.getEnveloped({ ...context, params } as never) as unknown as Enveloped,
      params,
      request,
      response,
      {
        hub: live,
        maskError: mask,
        viewerKey: [...context.viewer.scopes].sort().join(),
        persisted: options.persisted,
      },
    )
  const handle: GraphqlHandler = async (request, response, viewer) => {
    const context = { uploads: noUploads, viewer, signal: clientLeaves(response) }
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (request.method !== 'POST') {
      const isStreamed = await stream(request, response, readSearch(request.url), context)
      if (!isStreamed) await yoga(request, response, context)
    } else if (type === 'application/json') {
      const isOpen = options.persisted?.only !== true
      await handleJson(yoga, isOpen ? known : undefined, stream, request, response, context)
    } else if (type === 'multipart/form-data') await handleMultipart(yoga, request, response, options, viewer)
    else if (type === undefined) refuse(response, 400, 'There is no request in the body.')
    else refuse(response, 415, 'Send application/json, or multipart/form-data with a preflight header.')
  }
  return { handle, live }
}

/** Answers a subscription with a stream; anything else is left to others. */
type Stream = (
  request: IncomingMessage,
  response: ServerResponse,
  params: Params,
  context: ServerContext,
) => Promise<boolean>

function requestContext(
  options: GraphqlOptions,
  uploads: Uploads,
  viewer: Viewer,
): Omit<Context, 'overview'> {
  const { db, prisma, actions, links, importFolder, analysisLeaseSeconds = 300 } = options
  return {
    ...{ db, prisma, actions, links, viewer, analysisLeaseSeconds },
    imports: {
      locate: (path) => locateInFolder(importFolder, path),
      keepUpload: (token) => uploads.keep(token),
    },
    batches: new Batches(),
  }
}

function limits(isProduction: boolean): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: string, options?: ParseOptions): unknown =>
        parseFn(source, { ...options, maxTokens: MAX_TOKENS }),
      )
    },
    onValidate({ addValidationRule }) {
      addValidationRule(operationLimits)
      if (!isProduction) return undefined
      addValidationRule(NoSchemaIntrospectionCustomRule)
      return ({ valid, result, setResult }) => {
        if (!valid) setResult((result as GraphQLError[]).map(withoutSuggestions))
      }
    },
  }
}

function costLimit(): Plugin {
  const judge = (args: ExecutionArgs, refuse: (result: ExecutionResult) => void): void => {
    const cost = operationCost(args)
    if (cost > MAX_COST) refuse({ errors: [tooCostly(cost)] })
  }
  return {
    onExecute: ({ args, setResultAndStopExecution }) => judge(args, setResultAndStopExecution),
    onSubscribe: ({ args, setResultAndStopExecution }) => judge(args, setResultAndStopExecution),
  }
}

async function handleJson(
  yoga: YogaServerInstance<ServerContext, Context>,
  known: KnownQueries | undefined,
  stream: Stream,
  request: IncomingMessage,
  response: ServerResponse,
  context: ServerContext,
): Promise<void> {
  const body = await readBody(request)
  if (body === undefined) {
    refuse(response, 413, `A request may have ${MAX_BODY_BYTES} bytes.`)
    return
  }
  const { accept } = request.headers
  const plain = known && takesJson(accept) ? await answerPlainQuery(yoga, known, body, context) : undefined
  if (plain !== undefined)
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(plain)
  else if (!(await stream(request, response, readBodyParams(body), context)))
    await forward(yoga, request, response, body, context)
}

async function forward(
  yoga: YogaServerInstance<ServerContext, Context>,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  context: ServerContext,
): Promise<void> {
  const headers = { 'content-type': 'application/json', accept: request.headers.accept ?? 'application/json' }
  const answer = await yoga.fetch('http://localhost/graphql', { method: 'POST', headers, body }, context)
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
}

async function handleMultipart(
  yoga: YogaServerInstance<ServerContext, Context>,
  request: IncomingMessage,
  response: ServerResponse,
  { uploadFolder, maxUploadBytes }: GraphqlOptions,
  viewer: Viewer,
): Promise<void> {
  if (!PREFLIGHT_HEADERS.some((name) => request.headers[name] !== undefined)) {
    refuse(response, 403, `A multipart request needs the header ${PREFLIGHT_HEADERS[0]}.`)
    return
  }
  let uploads = noUploads
  try {
    const read = await readMultipart(request, uploadFolder, maxUploadBytes)
    uploads = read.uploads
    const context = { uploads, viewer, signal: clientLeaves(response) }
    await forward(yoga, request, response, JSON.stringify(read.operations), context)
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error
    refuse(response, error.status, error.message)
  } finally {
    await uploads.discard()
  }
}
