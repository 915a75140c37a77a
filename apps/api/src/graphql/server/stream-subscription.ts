import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Viewer } from '@mediakeep/access'
import type { ExecutionArgs, GraphQLError } from 'graphql'
import { readCursor, toldOfCursor } from '../../live/cursor-errors.ts'
import { framingFor, type Framing } from '../../live/framing.ts'
import { groupKey } from '../../live/group-key.ts'
import type { LiveHub } from '../../live/live-hub.ts'
import { openingOf, type Opening } from '../../live/opening.ts'
import { OperationRefusedError, type Enveloped } from './prepare.ts'
import { badRequest, RequestError } from './request-error.ts'
import { headOf, withoutHttp } from './send-result.ts'

/** Variables stay in memory while their stream is open. */
const MAX_VARIABLES_LENGTH = 65_536

export interface StreamOptions {
  readonly hub: LiveHub
  readonly viewer: Viewer
  readonly maskError: (error: unknown) => GraphQLError
}

/**
 * Answers a subscription with a stream, or with the errors that prevent one.
 *
 * @throws RequestError when a stream is not possible
 */
export async function streamSubscription(
  enveloped: Enveloped,
  args: ExecutionArgs,
  request: IncomingMessage,
  response: ServerResponse,
  { hub, viewer, maskError }: StreamOptions,
): Promise<void> {
  const framing = framingFor(request.headers.accept)
  if (!framing)
    throw new RequestError(
      406,
      'NOT_ACCEPTABLE',
      'A subscription is answered with a stream: send the header "accept: text/event-stream".',
    )
  if (JSON.stringify(args.variableValues).length > MAX_VARIABLES_LENGTH)
    throw badRequest(`The variables of a subscription may have ${MAX_VARIABLES_LENGTH} characters.`)
  assertRoom(hub, viewer)
  try {
    const opened = await open(enveloped, args, request)
    const opening = { ...opened, after: await hub.assertServed(opened.after) }
    sendHead(response, framing)
    // Share results between viewers with the same scopes: they may see the same data.
    const key = groupKey(args, [framing.name, [...viewer.scopes].sort().join()])
    await hub.stream({ args, opening, framing, response, key, viewerId: viewer.id })
  } catch (error) {
    const errors = error instanceof OperationRefusedError ? error.errors : [maskError(toldOfCursor(error))]
    sendErrors(response, framing, errors)
  }
}

function assertRoom(hub: LiveHub, viewer: Viewer): void {
  const headers = { 'retry-after': '5' }
  if (hub.isFull)
    throw new RequestError(503, 'UNAVAILABLE', 'This server streams to as many clients as it can.', headers)
  if (hub.isFullFor(viewer.id))
    throw new RequestError(429, 'TOO_MANY_STREAMS', 'This token has as many streams open as it may.', headers)
}

async function open(enveloped: Enveloped, args: ExecutionArgs, request: IncomingMessage): Promise<Opening> {
  const result = await enveloped.subscribe(args)
  const opening = openingOf(args.contextValue as object)
  if (!(Symbol.asyncIterator in result) && result.errors) throw new OperationRefusedError(result.errors)
  if (!opening) throw new Error('A subscription field opened no stream')
  // When an EventSource reconnects, its Last-Event-ID is newer than the cursor in its URL.
  const seen = request.headers['last-event-id']
  return typeof seen === 'string' && seen !== ''
    ? { ...opening, after: readCursor(seen), first: undefined }
    : opening
}

function sendHead(response: ServerResponse, { contentType }: Framing): void {
  response.writeHead(200, {
    'content-type': contentType,
    'cache-control': 'no-cache, no-transform',
    // Keep nginx from buffering the stream.
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
}

/** Sends errors as the only result of a stream, with the HTTP status they require, for clients that read no body. */
function sendErrors(response: ServerResponse, framing: Framing, errors: readonly GraphQLError[]): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, headers } = headOf({ data: null, errors }, 'stream')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  const json = JSON.stringify({ errors: errors.map(withoutHttp) })
  if (status === 200) {
    sendHead(response, framing)
    response.end(framing.result(json, undefined) + framing.complete)
  } else response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(json)
}
