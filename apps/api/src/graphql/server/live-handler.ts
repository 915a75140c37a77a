import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import type { PersistedOperations } from './persisted-operations.ts'
import { readCursor, toldOfCursor } from '../../live/cursor-errors.ts'
import { framingFor, type Framing } from '../../live/framing.ts'
import { groupKey } from '../../live/group-key.ts'
import type { LiveHub } from '../../live/live-hub.ts'
import { openingOf, type Opening } from '../../live/opening.ts'
import type { Params } from './params.ts'

/** The steps of a request with all plugins around them, as Yoga has them. */
export interface Enveloped {
  readonly schema: GraphQLSchema
  parse(query: string): DocumentNode
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[]
  contextFactory(): Promise<object>
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<unknown> | ExecutionResult>
}

export interface LiveHandlerOptions {
  readonly hub: LiveHub
  readonly maskError: (error: unknown) => GraphQLError
  /** What decides, beside document and variables, what a viewer sees: the scopes. */
  readonly viewerKey: string
  readonly persisted: PersistedOperations | undefined
}

/**
 * Answers a subscription with a stream, or with what keeps it from one.
 *
 * @returns false when the operation is none: nothing was answered
 */
export async function streamSubscription(
  enveloped: Enveloped,
  params: Params,
  request: IncomingMessage,
  response: ServerResponse,
  options: LiveHandlerOptions,
): Promise<boolean> {
  const query = textOf(params, options.persisted)
  // Nearly all requests are none, and need not be parsed to know it.
  if (!query?.includes('subscription')) return false
  const document = parsed(enveloped, query)
  if (!document || !isSubscription(document, params)) return false
  const framing = framingFor(request.headers.accept)
  if (!framing) return notAcceptable(response)
  const { hub, maskError, viewerKey } = options
  try {
    const errors = enveloped.validate(enveloped.schema, document)
    if (errors.length > 0) return refuse(response, framing, errors)
    if (hub.isFull) return unavailable(response)
    const args: ExecutionArgs = {
      schema: enveloped.schema,
      document,
      contextValue: await enveloped.contextFactory(),
      variableValues: params.variables ?? {},
      operationName: params.operationName ?? undefined,
    }
    const opening = await open(enveloped, args, request)
    if ('errors' in opening) return refuse(response, framing, opening.errors)
    await hub.assertServed(opening.after)
    sendHead(response, framing)
    await hub.stream({ args, opening, framing, response, key: groupKey(args, [framing.name, viewerKey]) })
    return true
  } catch (error) {
    return refuse(response, framing, [maskError(toldOfCursor(error))])
  }
}

/** @returns undefined where there is no telling what was asked for */
function parsed(enveloped: Enveloped, query: string): DocumentNode | undefined {
  try {
    return enveloped.parse(query)
  } catch {
    return undefined
  }
}

function isSubscription(document: DocumentNode, { operationName }: Params): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
}

/** The document, by its id where it has one. */
function textOf(params: Params, persisted: PersistedOperations | undefined): string | undefined {
  const id = params.documentId ?? params.extensions?.persistedQuery?.sha256Hash
  const known = typeof id === 'string' ? persisted?.documents.get(id) : undefined
  if (known !== undefined || persisted?.only === true) return known
  return typeof params.query === 'string' ? params.query : undefined
}

async function open(
  enveloped: Enveloped,
  args: ExecutionArgs,
  request: IncomingMessage,
): Promise<Opening | { errors: readonly GraphQLError[] }> {
  const result = await enveloped.subscribe(args)
  const opening = openingOf(args.contextValue as object)
  if (!(Symbol.asyncIterator in result) && result.errors) return { errors: result.errors }
  if (!opening) throw new Error('A subscription field opened no stream')
  // What an EventSource that was cut off says it has seen is later than what its URL says.
  const seen = request.headers['last-event-id']
  return typeof seen === 'string' && seen !== ''
    ? { ...opening, after: readCursor(seen), first: undefined }
    : opening
}

function sendHead(response: ServerResponse, { contentType }: Framing): void {
  response.writeHead(200, {
    'content-type': contentType,
    'cache-control': 'no-cache, no-transform',
    // nginx must not keep it back.
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
}

/** An error is a result too, the only one; its status is for those who look at no body. */
function refuse(response: ServerResponse, framing: Framing, errors: readonly GraphQLError[]): true {
  if (response.headersSent) {
    response.destroy()
    return true
  }
  const http = errors.map(({ extensions }) => extensions['http'] as Http | undefined).find(Boolean)
  for (const [name, value] of Object.entries(http?.headers ?? {})) response.setHeader(name, value)
  const told = errors.map((error) => ({
    ...error.toJSON(),
    extensions: { ...error.extensions, http: undefined },
  }))
  const json = JSON.stringify({ errors: told })
  // Yoga marks as `spec` the statuses of another media type's rules.
  if (http?.status === undefined || http.spec === true) {
    sendHead(response, framing)
    response.end(framing.result(json, undefined) + framing.complete)
  } else response.writeHead(http.status, { 'content-type': 'application/json' }).end(json)
  return true
}

interface Http {
  readonly status?: number
  readonly spec?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

function unavailable(response: ServerResponse): true {
  response.setHeader('retry-after', '5')
  return answer(response, 503, 'UNAVAILABLE', 'This server streams to as many clients as it can.')
}

function notAcceptable(response: ServerResponse): true {
  const message = 'A subscription is answered with a stream: send the header "accept: text/event-stream".'
  return answer(response, 406, 'NOT_ACCEPTABLE', message)
}

function answer(response: ServerResponse, status: number, code: string, message: string): true {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }))
  return true
}
