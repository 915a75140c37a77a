import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Viewer } from '@mediakeep/access'
import { OperationTypeNode, type ExecutionArgs, type ExecutionResult, type GraphQLError } from 'graphql'
import { lackingScopes } from '../../access/require-scopes.ts'
import type { LiveHub } from '../../live/live-hub.ts'
import { answerTooLarge, type AnswerBudget } from '../context/answer-budget.ts'
import { clientLeaves } from './limit-queries.ts'
import { readMultipart, type MultipartOptions } from './multipart.ts'
import {
  checkVariables,
  OperationRefusedError,
  prepare,
  type Enveloped,
  type Prepared,
  type PrepareOptions,
} from './prepare.ts'
import { badRequest, RequestError } from './request-error.ts'
import { readBody } from './request-body.ts'
import { paramsOfBody, paramsOfUrl, toParams, type Params } from './request-params.ts'
import { resultOf, resultTypeFor, sendResult, type ResultType } from './send-result.ts'
import { streamSubscription } from './stream-subscription.ts'
import { assertTakesFiles, noUploads, type Uploads, type UploadSlots } from './uploads.ts'

/** Any of these headers makes a browser send a preflight before a cross-site request. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight', 'x-graphql-yoga-csrf']

/** Per-request values for the GraphQL context. */
export interface RequestContext {
  readonly viewer: Viewer
  readonly uploads: Uploads
  /** Aborts when the client disconnects before it has the whole answer. */
  readonly signal: AbortSignal
  readonly params: Params
}

export interface HandlerOptions extends PrepareOptions {
  readonly envelop: (context: RequestContext) => Enveloped
  readonly hub: LiveHub
  readonly maskError: (error: unknown) => GraphQLError
  readonly uploads: Omit<MultipartOptions, 'judge' | 'share'>
  readonly slots: UploadSlots
}

/** One request in progress. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly viewer: Viewer
}

/** Answers one GraphQL request: reads it once, checks it, executes it, and sends JSON or a stream. */
export async function handleRequest(options: HandlerOptions, exchange: Exchange): Promise<void> {
  const { request } = exchange
  try {
    if (request.method === 'GET') await run(options, exchange, paramsOfUrl(request.url), noUploads)
    else if (request.method !== 'POST')
      throw new RequestError(405, 'METHOD_NOT_ALLOWED', 'Send GET or POST.', { allow: 'GET, POST' })
    else if (contentType(request) === 'application/json')
      await run(options, exchange, paramsOfBody(await readBody(request)), noUploads)
    else if (contentType(request) === 'multipart/form-data') await handleUpload(options, exchange)
    else throw unsupported(contentType(request))
  } catch (error) {
    if (error instanceof OperationRefusedError)
      send(exchange, { errors: error.errors.map(options.maskError) })
    else if (error instanceof RequestError) send(exchange, resultOf(error))
    else throw error
  }
}

function contentType({ headers }: IncomingMessage): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase()
}

function unsupported(type: string | undefined): RequestError {
  if (type === undefined) return badRequest('There is no request in the body.')
  const message = 'Send application/json, or multipart/form-data with a preflight header.'
  return new RequestError(415, 'UNSUPPORTED_MEDIA_TYPE', message)
}

async function handleUpload(options: HandlerOptions, exchange: Exchange): Promise<void> {
  const { request, viewer } = exchange
  if (!PREFLIGHT_HEADERS.some((name) => request.headers[name] !== undefined))
    throw new RequestError(
      403,
      'PREFLIGHT_HEADER_MISSING',
      `A multipart request needs the header "${PREFLIGHT_HEADERS[0]}: 1".`,
    )
  const announced = Number(request.headers['content-length'] ?? 0)
  // A request that is too large by itself would fail again, so its answer does not ask for another attempt.
  const isPossible = announced <= options.uploads.maxBytes
  await options.slots.use(isPossible ? announced : 0, async (share) => {
    const judge = (operations: unknown): void => {
      const params = toParams(operations)
      const context = { viewer, uploads: noUploads, signal: new AbortController().signal, params }
      const enveloped = options.envelop(context)
      const prepared = prepare(enveloped, params, 'POST', options)
      const errors = lackingScopes(enveloped.schema, prepared, viewer)
      if (errors.length > 0) throw new OperationRefusedError(errors)
      assertTakesFiles(enveloped.schema, prepared)
    }
    const { operations, uploads } = await readMultipart(request, { ...options.uploads, judge, share })
    try {
      await run(options, exchange, toParams(operations), uploads)
    } finally {
      await uploads.discard()
    }
  })
}

async function run(
  options: HandlerOptions,
  exchange: Exchange,
  params: Params,
  uploads: Uploads,
): Promise<void> {
  const { request, response, viewer } = exchange
  const enveloped = options.envelop({ viewer, uploads, signal: clientLeaves(response), params })
  const prepared = prepare(enveloped, params, request.method ?? '', options)
  const isStream = prepared.operation.operation === OperationTypeNode.SUBSCRIPTION
  const type = resultTypeFor(request.headers.accept)
  if (!isStream && type === undefined) throw notAcceptable()
  checkVariables(enveloped.schema, prepared)
  const args = await argsOf(enveloped, prepared)
  if (isStream) await streamSubscription(enveloped, args, request, response, { ...options, viewer })
  else send(exchange, await execute(enveloped, args), type)
}

async function argsOf(enveloped: Enveloped, prepared: Prepared): Promise<ExecutionArgs> {
  return {
    schema: enveloped.schema,
    document: prepared.document,
    contextValue: await enveloped.contextFactory(),
    variableValues: prepared.variables,
    operationName: prepared.operationName,
  }
}

async function execute(enveloped: Enveloped, args: ExecutionArgs): Promise<ExecutionResult> {
  const result = await enveloped.execute(args)
  // Discard everything when the budget is exhausted: a partial answer would look complete.
  const { budget } = args.contextValue as { readonly budget: AnswerBudget }
  return budget.isExhausted ? { errors: [answerTooLarge()] } : result
}

function send({ request, response }: Exchange, result: ExecutionResult, type?: ResultType): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const { accept } = request.headers
  sendResult(response, result, type ?? resultTypeFor(accept) ?? 'application/json', accept)
}

function notAcceptable(): RequestError {
  const message = 'Send the header "accept: application/json" or "application/graphql-response+json".'
  return new RequestError(406, 'NOT_ACCEPTABLE', message)
}
