import type { IncomingMessage, ServerResponse } from 'node:http'
import { NoSchemaIntrospectionCustomRule, type ParseOptions } from 'graphql'
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import { Batches } from './batch.ts'
import { compileHotQueries } from './compile-hot.ts'
import type { Context } from './context.ts'
import { locateInFolder } from './import-sources.ts'
import { MAX_TOKENS, operationLimits } from './limits.ts'
import { maskError, type ErrorLog } from './mask-error.ts'
import { MultipartError, noUploads, readMultipart, type Uploads } from './multipart.ts'
import { answerPlainQuery, KnownQueries, takesJson } from './plain-query.ts'
import { schema } from './schema.ts'

const MAX_BODY_BYTES = 1024 ** 2
/** Any of them keeps a browser from sending a form across sites without asking first. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight', 'x-graphql-yoga-csrf']

export interface GraphqlOptions extends Pick<Context, 'db' | 'prisma' | 'actions' | 'links' | 'readStats'> {
  readonly log: ErrorLog
  readonly isProduction: boolean
  /** Absolute; files below it may be named by `importPosts`. */
  readonly importFolder: string | undefined
  /** Where uploads are spooled. */
  readonly uploadFolder: string
  readonly maxUploadBytes: number
}

interface ServerContext {
  readonly uploads: Uploads
}

export type GraphqlHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function graphqlHandler(options: GraphqlOptions): GraphqlHandler {
  const known = new KnownQueries()
  const yoga = createYoga<ServerContext, Context>({
    schema,
    context: ({ uploads }) => requestContext(options, uploads),
    graphqlEndpoint: '/graphql',
    graphiql: !options.isProduction,
    landingPage: false,
    cors: false,
    logging: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    maskedErrors: { maskError: (error) => maskError(error, options.log) },
    plugins: [limits(options.isProduction), compileHotQueries(), known.plugin],
  })
  return async (request, response) => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (request.method !== 'POST') await yoga(request, response, { uploads: noUploads })
    else if (type === 'application/json') await handleJson(yoga, known, request, response)
    else if (type === 'multipart/form-data') await handleMultipart(yoga, request, response, options)
    else if (type === undefined) refuse(response, 400, 'There is no request in the body.')
    else refuse(response, 415, 'Send application/json, or multipart/form-data with a preflight header.')
  }
}

function requestContext(options: GraphqlOptions, uploads: Uploads): Context {
  const { db, prisma, actions, links, readStats, importFolder } = options
  return {
    ...{ db, prisma, actions, links, readStats },
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
      if (isProduction) addValidationRule(NoSchemaIntrospectionCustomRule)
    },
  }
}

async function handleJson(
  yoga: YogaServerInstance<ServerContext, Context>,
  known: KnownQueries,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  if (body === undefined) {
    refuse(response, 413, `A request may have ${MAX_BODY_BYTES} bytes.`)
    return
  }
  const plain = takesJson(request.headers.accept)
    ? await answerPlainQuery(yoga, known, body, { uploads: noUploads })
    : undefined
  if (plain === undefined) await forward(yoga, request, response, body, noUploads)
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
  uploads: Uploads,
): Promise<void> {
  const headers = { 'content-type': 'application/json', accept: request.headers.accept ?? 'application/json' }
  const answer = await yoga.fetch('http://localhost/graphql', { method: 'POST', headers, body }, { uploads })
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
}

async function handleMultipart(
  yoga: YogaServerInstance<ServerContext, Context>,
  request: IncomingMessage,
  response: ServerResponse,
  { uploadFolder, maxUploadBytes }: GraphqlOptions,
): Promise<void> {
  if (!PREFLIGHT_HEADERS.some((name) => request.headers[name] !== undefined)) {
    refuse(response, 403, `A multipart request needs the header ${PREFLIGHT_HEADERS[0]}.`)
    return
  }
  let uploads = noUploads
  try {
    const read = await readMultipart(request, uploadFolder, maxUploadBytes)
    uploads = read.uploads
    await forward(yoga, request, response, JSON.stringify(read.operations), uploads)
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
