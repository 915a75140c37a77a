import type { ServerResponse } from 'node:http'
import { GraphQLError, type ExecutionResult } from 'graphql'
import { answerEarly } from '../../access/early-answer.ts'
import { framingFor } from '../../live/framing.ts'
import { MAX_ANSWER_BYTES, answerTooLarge } from '../context/answer-budget.ts'
import { RequestError } from './request-error.ts'

const JSON_TYPE = 'application/json'
const RESULT_TYPE = 'application/graphql-response+json'

/** The format of a result: a media type or a stream. */
export type ResultType = typeof JSON_TYPE | typeof RESULT_TYPE | 'stream'

/** Returns the media type that the client prefers. @returns undefined when it accepts none of ours */
export function resultTypeFor(accept: string | undefined): ResultType | undefined {
  if (accept === undefined) return JSON_TYPE
  let best: { readonly type: ResultType; readonly quality: number } | undefined
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim())
    const type = name === RESULT_TYPE ? RESULT_TYPE : isJson(name) ? JSON_TYPE : undefined
    const quality = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1)
    if (type && quality > 0 && !(best && best.quality >= quality)) best = { type, quality }
  }
  return best?.type ?? (framingFor(accept) ? 'stream' : undefined)
}

const isJson = (name: string | undefined): boolean =>
  name === JSON_TYPE || name === '*/*' || name === 'application/*'

/** Sends the result of an operation with the status that its errors require. */
export function sendResult(
  response: ServerResponse,
  result: ExecutionResult,
  type: ResultType,
  accept: string | undefined,
): void {
  const json = JSON.stringify(shown(result))
  if (json.length > MAX_ANSWER_BYTES || Buffer.byteLength(json) > MAX_ANSWER_BYTES) {
    sendResult(response, { errors: [answerTooLarge()] }, type, accept)
    return
  }
  const { status, headers } = headOf(result, type)
  // Send JSON for any status but 200, even when a stream was requested: few clients read a stream then.
  const framing = type === 'stream' && status === 200 ? framingFor(accept) : undefined
  const body = framing ? framing.result(json, undefined) + framing.complete : json
  const contentType = framing?.contentType ?? `${type === 'stream' ? JSON_TYPE : type}; charset=utf-8`
  // The request was refused before its body was fully read.
  if (!response.req.complete) answerEarly(response, status, { ...headers, 'content-type': contentType }, body)
  else
    response
      .writeHead(status, {
        ...headers,
        'content-type': contentType,
        'content-length': Buffer.byteLength(body),
        'x-content-type-options': 'nosniff',
      })
      .end(body)
}

export function resultOf(error: RequestError): ExecutionResult {
  const http = { status: error.status, headers: error.headers }
  return { errors: [new GraphQLError(error.message, { extensions: { code: error.code, http } })] }
}

interface Http {
  readonly status?: number
  /** True: use the status only for clients that accept `application/graphql-response+json`. */
  readonly spec?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** Returns the highest status that an error requires; otherwise 200, or 400 where the media type prescribes it. */
export function headOf(
  { data, errors = [] }: ExecutionResult,
  type: ResultType,
): { status: number; headers: Record<string, string> } {
  const all = errors.map(({ extensions }) => (extensions as { http?: Http } | undefined)?.http ?? {})
  const asked = all.flatMap(({ status, spec }) => (status && (!spec || type === RESULT_TYPE) ? [status] : []))
  const otherwise = data === undefined && type === RESULT_TYPE ? 400 : 200
  return {
    status: Math.max(0, ...asked) || otherwise,
    headers: Object.assign({}, ...all.map(({ headers }) => headers)) as Record<string, string>,
  }
}

/** The part of a result that clients see, without the HTTP details in its errors. */
function shown({ data, errors, extensions }: ExecutionResult): object {
  return {
    ...(errors && { errors: errors.map(withoutHttp) }),
    ...(data !== undefined && { data }),
    ...(extensions && { extensions }),
  }
}

export function withoutHttp(error: GraphQLError): object {
  const extensions = { ...error.extensions }
  delete extensions['http']
  return { ...error.toJSON(), ...(Object.keys(error.extensions).length > 0 && { extensions }) }
}
