import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import type { Documents } from './documents.ts'
import { oversizedInput } from './input-limits.ts'
import type { PersistedOperations } from './persisted-operations.ts'
import { textOf } from './persisted-operations.ts'
import { badRequest, RequestError } from './request-error.ts'
import type { Params } from './request-params.ts'

const MAX_QUERY_LENGTH = 100_000

/** The steps of a request with all plugins applied, as in Yoga. */
export interface Enveloped {
  readonly schema: GraphQLSchema
  parse(query: string): DocumentNode
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[]
  contextFactory(): Promise<object>
  execute(args: ExecutionArgs): Promise<ExecutionResult>
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<unknown> | ExecutionResult>
}

/** An operation that passed all checks before execution. */
export interface Prepared {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Record<string, unknown>
  readonly operationName: string | undefined
}

export interface PrepareOptions {
  readonly documents: Documents
  readonly persisted: PersistedOperations | undefined
}

/** An operation that is answered with errors instead of being executed. */
export class OperationRefusedError extends Error {
  override readonly name = 'OperationRefusedError'
  readonly errors: readonly GraphQLError[]

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join(' '))
    this.errors = errors
  }
}

/** Finds and checks the requested operation. @throws RequestError, OperationRefusedError */
export function prepare(
  enveloped: Enveloped,
  params: Params,
  method: string,
  { documents, persisted }: PrepareOptions,
): Prepared {
  const text = textOf(params, persisted)
  if (text === undefined) throw badRequest('The request has no "query".')
  if (text === params.query && text.length > MAX_QUERY_LENGTH)
    throw new RequestError(
      400,
      'QUERY_TOO_LARGE',
      `A query may have ${MAX_QUERY_LENGTH} characters: send values as variables.`,
    )
  const document = documents.get(text) ?? checked(enveloped, text, documents)
  const { operationName, variables = {} } = params
  const operation = getOperationAST(document, operationName)
  if (!operation) throw new OperationRefusedError([unknownOperation(operationName)])
  if (method !== 'POST' && operation.operation === OperationTypeNode.MUTATION)
    throw new RequestError(405, 'METHOD_NOT_ALLOWED', 'Mutations are sent by POST.', { allow: 'POST' })
  return { document, operation, variables, operationName }
}

/** Checks the variables of a request. @throws OperationRefusedError */
export function checkVariables(schema: GraphQLSchema, { operation, variables }: Prepared): void {
  const definitions = operation.variableDefinitions ?? []
  const large = oversizedInput(schema, definitions, variables)
  if (large) throw new OperationRefusedError([invalidVariables(large)])
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: 20 })
  if (errors) throw new OperationRefusedError(errors.map((error) => invalidVariables(error.message, error)))
}

function checked(enveloped: Enveloped, text: string, documents: Documents): DocumentNode {
  let document: DocumentNode
  try {
    document = enveloped.parse(text)
  } catch (error) {
    if (error instanceof GraphQLError) throw new OperationRefusedError([coded(error, 'GRAPHQL_PARSE_FAILED')])
    throw error
  }
  const errors = enveloped.validate(enveloped.schema, document)
  if (errors.length > 0)
    throw new OperationRefusedError(errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')))
  documents.add(text, document)
  return document
}

function unknownOperation(name: string | undefined): GraphQLError {
  const message =
    name === undefined
      ? 'The document has several operations, or none: give an "operationName".'
      : `The document has no operation "${name}".`
  return coded(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE')
}

/** Adds a code to an error in the document; its 400 status is only for clients that accept the response media type. */
function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, extensions } = error
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code, http: { status: 400, spec: true }, ...extensions },
  })
}

function invalidVariables(message: string, error?: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes: error?.nodes ?? null,
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  })
}
