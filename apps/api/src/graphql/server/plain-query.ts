import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import type { Plugin, YogaServerInstance } from 'graphql-yoga'

interface Params {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Record<string, unknown> | null
  readonly extensions?: object | null
}

/** The steps of a request with all plugins around them, as Yoga has them. */
interface Enveloped {
  readonly schema: GraphQLSchema
  contextFactory(): Promise<unknown>
  execute(args: ExecutionArgs): Promise<ExecutionResult>
}

/** The documents of queries that were found valid and executed, by their text; the latest thousand. */
export class KnownQueries {
  readonly #documents = new Map<string, DocumentNode>()

  get(query: string): DocumentNode | undefined {
    return this.#documents.get(query)
  }

  readonly plugin: Plugin = {
    onExecute: ({ args }) => {
      const { document, contextValue } = args as ExecutionArgs
      const { query } = (contextValue as { params: { query?: string } }).params
      if (query === undefined || this.#documents.has(query)) return
      this.#documents.set(query, document)
      if (this.#documents.size > 1000) this.#documents.delete(this.#documents.keys().next().value!)
    },
  }
}

/**
 * Answers the ordinary request, a known query in JSON for an answer in JSON, through Yoga's plugins but without its
 * translation of requests and responses, which costs as much as reading a page.
 *
 * @returns the answer's body; undefined where anything is out of the ordinary, and Yoga is to answer the same request
 */
export async function answerPlainQuery<ServerContext extends object, Context extends object>(
  yoga: YogaServerInstance<ServerContext, Context>,
  known: KnownQueries,
  body: string,
  serverContext: ServerContext,
): Promise<string | undefined> {
  const params = readParams(body)
  const document = params && known.get(params.query)
  if (!document || getOperationAST(document, params.operationName)?.operation !== OperationTypeNode.QUERY)
    return undefined
  const enveloped = yoga.getEnveloped({ ...serverContext, params } as never) as Enveloped
  const result = await enveloped.execute({
    schema: enveloped.schema,
    document,
    contextValue: await enveloped.contextFactory(),
    variableValues: params.variables ?? {},
    operationName: params.operationName ?? undefined,
  })
  return result.data === undefined ? undefined : JSON.stringify(result)
}

/** Whether a JSON answer is what the client takes first, or as well as anything. */
export function takesJson(accept: string | undefined): boolean {
  return accept === undefined || /^\s*(\*\/\*|application\/json)\s*(;|,|$)/.test(accept)
}

function readParams(body: string): Params | undefined {
  try {
    const params = JSON.parse(body) as Record<string, unknown> | null
    if (typeof params !== 'object' || params === null || typeof params['query'] !== 'string') return undefined
    const ordinary = Object.entries(params).every(([name, value]) => isOrdinary(name, value))
    return ordinary ? (params as unknown as Params) : undefined
  } catch {
    return undefined
  }
}

function isOrdinary(name: string, value: unknown): boolean {
  if (name === 'query') return true
  if (name === 'operationName') return value === null || typeof value === 'string'
  return (name === 'variables' || name === 'extensions') && typeof value === 'object' && !Array.isArray(value)
}
