import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Viewer } from '@mediakeep/access'
import { NoSchemaIntrospectionCustomRule, type GraphQLError, type ParseOptions } from 'graphql'
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import { auditMutations, logForbidden } from '../access/audit.ts'
import { requireScopes } from '../access/require-scopes.ts'
import type { Log } from '../log.ts'
import { Batches } from './batch.ts'
import { compileHotQueries } from './compile-hot.ts'
import type { Context } from './context.ts'
import { MAX_COST, operationCost, tooCostly } from './cost.ts'
import { locateInFolder } from './import-sources.ts'
import { MAX_TOKENS, operationLimits } from './limits.ts'
import { maskError, withoutSuggestions } from './mask-error.ts'
import { MultipartError, noUploads, readMultipart, type Uploads } from './multipart.ts'
import { persistedOperations, type PersistedOperations } from './persisted-operations.ts'
import { answerPlainQuery, KnownQueries, takesJson } from './plain-query.ts'
import { schema } from './schema.ts'

/** Results of analyses are handed in by it, each of up to 1 MiB. */
const MAX_BODY_BYTES = 4 * 1024 ** 2
/** Any of them keeps a browser from sending a form across sites without asking first. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight', 'x-graphql-yoga-csrf']

export interface GraphqlOptions extends Pick<Context, 'db' | 'prisma' | 'actions' | 'links' | 'readStats'> {
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
}

interface ServerContext {
  readonly uploads: Uploads
  readonly viewer: Viewer
}

export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
) => Promise<void>

export function graphqlHandler(options: GraphqlOptions): GraphqlHandler {
  const known = new KnownQueries()
  const yoga = createYoga<ServerContext, Context>({
    schema,
    context: ({ uploads, viewer }) => requestContext(options, uploads, viewer),
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    logging: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    maskedErrors: { maskError: (error) => maskError(error, options.log, options.isProduction) },
    extraParamNames: ['documentId'],
    plugins: [
      ...(options.persisted ? [persistedOperations(options.persisted)] : []),
      limits(options.isProduction),
      requireScopes((viewer, fields) => logForbidden(options.log, viewer, fields)),
      costLimit(),
      auditMutations(options.log),
      compileHotQueries(),
      known.plugin,
    ],
  })
  return async (request, response, viewer) => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (request.method !== 'POST') await yoga(request, response, { uploads: noUploads, viewer })
    else if (type === 'application/json')
      await handleJson(yoga, options.persisted?.only === true ? undefined : known, request, response, viewer)
    else if (type === 'multipart/form-data') await handleMultipart(yoga, request, response, options, viewer)
    else if (type === undefined) refuse(response, 400, 'There is no request in the body.')
    else refuse(response, 415, 'Send application/json, or multipart/form-data with a preflight header.')
  }
}

function requestContext(options: GraphqlOptions, uploads: Uploads, viewer: Viewer): Context {
  const { db, prisma, actions, links, readStats, importFolder, analysisLeaseSeconds = 300 } = options
  return {
    ...{ db, prisma, actions, links, readStats, viewer, analysisLeaseSeconds },
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
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const cost = operationCost(args)
      if (cost > MAX_COST) setResultAndStopExecution({ errors: [tooCostly(cost)] })
    },
  }
}

async function handleJson(
  yoga: YogaServerInstance<ServerContext, Context>,
  known: KnownQueries | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
): Promise<void> {
  const body = await readBody(request)
  if (body === undefined) {
    refuse(response, 413, `A request may have ${MAX_BODY_BYTES} bytes.`)
    return
  }
  const context = { uploads: noUploads, viewer }
  const plain =
    known && takesJson(request.headers.accept)
      ? await answerPlainQuery(yoga, known, body, context)
      : undefined
  if (plain === undefined) await forward(yoga, request, response, body, context)
  else response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(plain)
}

/** @returns undefined when it is too large */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
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
    await forward(yoga, request, response, JSON.stringify(read.operations), { uploads, viewer })
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error
    refuse(response, error.status, error.message)
  } finally {
    await uploads.discard()
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] }))
}
