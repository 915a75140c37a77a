import { badRequest } from './request-error.ts'

/** The parameters of a GraphQL request, from its URL or its body. */
export interface Params {
  readonly query?: string | undefined
  /** The id of a persisted operation. */
  readonly documentId?: string | undefined
  readonly operationName?: string | undefined
  readonly variables?: Record<string, unknown> | undefined
  readonly extensions?: Record<string, unknown> | undefined
}

/** @throws RequestError when a parameter is not JSON, or has the wrong type */
export function paramsOfUrl(url: string | undefined): Params {
  const search = URL.parse(url ?? '', 'http://localhost')?.searchParams
  const json = (name: string): unknown => {
    const text = search?.get(name)
    return typeof text === 'string' && text !== '' ? parseJson(text, `The parameter "${name}"`) : undefined
  }
  return toParams({
    query: search?.get('query') ?? undefined,
    documentId: search?.get('documentId') ?? undefined,
    operationName: search?.get('operationName') ?? undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  })
}

/** @throws RequestError when the body is not a single request in JSON */
export function paramsOfBody(body: string): Params {
  return toParams(parseJson(body, 'The body'))
}

/** @throws RequestError when the value is not a single request */
export function toParams(value: unknown): Params {
  if (Array.isArray(value)) throw badRequest('Send one operation in a request: batches are not supported.')
  if (!isObject(value)) throw badRequest('The request must be a JSON object.')
  return {
    query: optional(value, 'query', 'a string', isString),
    documentId: optional(value, 'documentId', 'a string', isString),
    operationName: optional(value, 'operationName', 'a string', isString),
    variables: optional(value, 'variables', 'an object', isObject),
    extensions: optional(value, 'extensions', 'an object', isObject),
  }
}

function optional<Value>(
  from: Record<string, unknown>,
  name: string,
  kind: string,
  is: (value: unknown) => value is Value,
): Value | undefined {
  const value = from[name] ?? undefined
  if (value === undefined) return undefined
  if (!is(value)) throw badRequest(`"${name}" must be ${kind}.`)
  return value
}

const isString = (value: unknown): value is string => typeof value === 'string'

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest(`${what} is not JSON.`)
  }
}
