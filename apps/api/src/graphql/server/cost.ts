import {
  getNamedType,
  getNullableType,
  getOperationAST,
  GraphQLError,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  typeFromAST,
  valueFromASTUntyped,
  type ArgumentNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../paging/window.ts'

/** Maximum number of objects per operation: 100 posts with 100 media each, and as many again. */
export const MAX_COST = 20_000
/** Assumed length of a list when the arguments do not limit it. */
const ASSUMED_LENGTH = 10

type Variables = Readonly<Record<string, unknown>>

/** Returns the maximum number of objects an operation may return; nested pages multiply. */
export function operationCost({ schema, document, operationName, variableValues }: ExecutionArgs): number {
  const operation = getOperationAST(document, operationName)
  const root = operation && schema.getRootType(operation.operation)
  if (!root) return 0
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  const estimate = new Estimate(
    schema,
    new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    { ...defaultsOf(operation), ...variableValues },
  )
  return estimate.ofSelection(root, operation.selectionSet, ASSUMED_LENGTH)
}

/** The default values of the operation's variables. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  )
}

export function tooCostly(cost: number): GraphQLError {
  return new GraphQLError(
    `The operation may return ${cost} objects, and the limit is ${MAX_COST}: ask for smaller pages.`,
    { extensions: { code: 'OPERATION_TOO_COMPLEX', http: { status: 400 } } },
  )
}

class Estimate {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #variables: Variables
  /** Caches each fragment's cost per list length; a cycle, which validation rejects, costs nothing. */
  readonly #known = new Map<string, number>()

  constructor(
    schema: GraphQLSchema,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    variables: Variables,
  ) {
    this.#schema = schema
    this.#fragments = fragments
    this.#variables = variables
  }

  /** @param length assumed length of lists without pages, from the arguments of the field above */
  ofSelection(type: GraphQLNamedType, set: SelectionSetNode, length: number): number {
    let cost = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) cost += this.#ofField(type, selection, length)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.#ofFragment(selection.name.value, length)
      else {
        const { typeCondition, selectionSet } = selection
        const inner = typeCondition ? typeFromAST(this.#schema, typeCondition) : type
        if (inner) cost += this.ofSelection(inner, selectionSet, length)
      }
    }
    return cost
  }

  #ofFragment(name: string, length: number): number {
    const key = `${name} ${length}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, 0)
    const fragment = this.#fragments.get(name)
    const type = fragment && typeFromAST(this.#schema, fragment.typeCondition)
    const cost = type ? this.ofSelection(type, fragment.selectionSet, length) : 0
    this.#known.set(key, cost)
    return cost
  }

  #ofField(parent: GraphQLNamedType, node: FieldNode, length: number): number {
    if (!node.selectionSet || !(isObjectType(parent) || isAbstractType(parent)) || !('getFields' in parent))
      return 0
    const field = parent.getFields()[node.name.value]
    const type = field && getNamedType(field.type)
    if (!field || !type || !isCompositeType(type)) return 0
    const args = this.#argumentsOf(field, node.arguments ?? [])
    const own = lengthIn(args) ?? length
    const inner = this.ofSelection(type, node.selectionSet, own)
    if (isPartOfPage(parent)) return inner
    return (isPage(type) ? pageSize(args) : isList(field) ? own : 1) * (1 + inner)
  }

  #argumentsOf({ args }: GraphQLField<unknown, unknown>, nodes: readonly ArgumentNode[]): Variables {
    const given = nodes.map(
      ({ name, value }) => [name.value, valueFromASTUntyped(value, this.#variables)] as const,
    )
    return {
      ...Object.fromEntries(args.map(({ name, defaultValue }) => [name, defaultValue])),
      ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    }
  }
}

const isList = (field: GraphQLField<unknown, unknown>): boolean => isListType(getNullableType(field.type))
const isPage = (type: GraphQLNamedType): boolean => isObjectType(type) && 'pageInfo' in type.getFields()
/** True for connections and edges, whose fields are counted as part of the page. */
const isPartOfPage = (type: GraphQLNamedType): boolean =>
  isObjectType(type) && (isPage(type) || ('cursor' in type.getFields() && 'node' in type.getFields()))

function pageSize({ first, last }: Variables): number {
  const asked = [first, last].find((size) => typeof size === 'number') ?? DEFAULT_PAGE_SIZE
  return Math.min(Math.max(asked, 0), MAX_PAGE_SIZE)
}

/**
 * Returns the number requested by a list (of ids) or a `limit` anywhere in the arguments. An invalid limit, which fails
 * when its field runs, counts as at least one: `@skip` may omit the field, and it must not offset the cost of others.
 */
function lengthIn(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return value.length
  const lengths = Object.entries(value).map(([name, inner]) =>
    name === 'limit' && typeof inner === 'number' ? Math.max(1, inner) : lengthIn(inner),
  )
  const known = lengths.filter((length) => length !== undefined)
  return known.length > 0 ? Math.max(...known) : undefined
}
