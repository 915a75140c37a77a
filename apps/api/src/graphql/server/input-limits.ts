import {
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql'

/** Maximum length of one list. Inputs with a lower limit check it themselves. */
const MAX_LIST_LENGTH = 20_000
/** Maximum length of one text. JSON is limited by the request body and by the code that stores it. */
const MAX_TEXT_LENGTH = 65_536

/**
 * Finds a list or text that is too long in any input. Values are copied, compared and bound to statements, so an
 * input that forgets its own limit must not become a way to exhaust the server.
 *
 * @returns a description of the problem, or undefined
 */
export function oversizedInput(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const { variable, type: node } of definitions) {
    const type = typeFromAST(schema, node as never) as unknown
    const { value: name } = variable.name
    const problem = isInputType(type) ? oversized(type, variables[name], `$${name}`) : undefined
    if (problem !== undefined) return problem
  }
  return undefined
}

function oversized(given: GraphQLInputType, value: unknown, path: string): string | undefined {
  const type = getNullableType(given)
  if (typeof value === 'string')
    return value.length > MAX_TEXT_LENGTH && !isJson(type)
      ? `${path} has more than ${MAX_TEXT_LENGTH} characters.`
      : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (isListType(type) && Array.isArray(value)) {
    if (value.length > MAX_LIST_LENGTH) return `${path} has more than ${MAX_LIST_LENGTH} entries.`
    return first(value, (one, at) => oversized(type.ofType, one, `${path}[${at}]`))
  }
  if (!isInputObjectType(type)) return undefined
  return first(Object.values(type.getFields()), (field) =>
    oversized(field.type, (value as Record<string, unknown>)[field.name], `${path}.${field.name}`),
  )
}

const isJson = (type: GraphQLInputType): boolean => 'name' in type && type.name === 'JSON'

function first<One>(
  values: readonly One[],
  find: (one: One, at: number) => string | undefined,
): string | undefined {
  for (const [at, one] of values.entries()) {
    const found = find(one, at)
    if (found !== undefined) return found
  }
  return undefined
}
