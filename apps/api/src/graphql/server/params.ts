/** A request's parameters, wherever they stood; what is none is left out. */
export interface Params {
  readonly query?: string
  readonly documentId?: string
  readonly operationName?: string
  readonly variables?: Record<string, unknown>
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } }
}

/** Of a GET: what its URL says. */
export function readSearch(url: string | undefined): Params {
  const search = URL.parse(url ?? '', 'http://localhost')?.searchParams
  const json = (name: string): unknown => parse(search?.get(name) ?? '')
  return toParams({
    query: search?.get('query'),
    documentId: search?.get('documentId'),
    operationName: search?.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  })
}

/** Of a POST: what its JSON says. */
export function readBodyParams(body: string): Params {
  const value = parse(body)
  return isObject(value) ? toParams(value) : {}
}

function toParams(value: Record<string, unknown>): Params {
  const { query, documentId, operationName, variables, extensions } = value
  return {
    ...(typeof query === 'string' && { query }),
    ...(typeof documentId === 'string' && { documentId }),
    ...(typeof operationName === 'string' && { operationName }),
    ...(isObject(variables) && { variables }),
    ...(isObject(extensions) && { extensions }),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
