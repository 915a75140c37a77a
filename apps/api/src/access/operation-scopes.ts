import type { Scope } from '@mediakeep/access'
import {
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'

/** Any of these will do; none: nobody may. */
export type FieldScope = readonly Scope[]

/** A field that not everybody may ask for. */
export interface ScopedField {
  /** `Query.posts` */
  readonly field: string
  readonly anyOf: FieldScope
}

/** The scope that a field says for itself. A field of a root type that says none is for nobody. */
export function scopeOf(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  field: GraphQLField<unknown, unknown>,
): FieldScope | undefined {
  const said = field.extensions['scope'] as FieldScope | undefined
  const isRoot = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
    (root) => root === type,
  )
  return said ?? (isRoot ? [] : undefined)
}

const kept = new WeakMap<DocumentNode, Map<string, readonly ScopedField[]>>()

/**
 * What it takes to run an operation: of each field returned, one of its scopes. Found in the document before anything
 * runs, so that who may not do all of it learns nothing from any of it. Kept for as long as the document is.
 */
export function scopesOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): readonly ScopedField[] {
  let operations = kept.get(document)
  if (!operations) kept.set(document, (operations = new Map<string, readonly ScopedField[]>()))
  const name = operationName ?? ''
  let fields = operations.get(name)
  if (!fields) operations.set(name, (fields = collect(schema, document, operationName)))
  return fields
}

interface Search {
  readonly schema: GraphQLSchema
  readonly fragments: Map<string, FragmentDefinitionNode>
  readonly seen: Set<string>
  readonly found: Map<string, ScopedField>
}

function collect(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): ScopedField[] {
  const operation = getOperationAST(document, operationName)
  const root = operation && schema.getRootType(operation.operation)
  if (!root) return []
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  const search: Search = {
    schema,
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    seen: new Set(),
    found: new Map(),
  }
  collectFrom(search, root, operation.selectionSet)
  return [...search.found.values()]
}

function collectFrom(search: Search, type: GraphQLNamedType, set: SelectionSetNode): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) collectField(search, type, selection)
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const { typeCondition } = selection
      const inner = typeCondition ? typeFromAST(search.schema, typeCondition) : type
      if (inner) collectFrom(search, inner, selection.selectionSet)
    } else collectFragment(search, selection.name.value)
  }
}

/** A fragment needs the same wherever it is spread: it is looked at once. */
function collectFragment(search: Search, name: string): void {
  const fragment = search.fragments.get(name)
  if (!fragment || search.seen.has(name)) return
  search.seen.add(name)
  const type = typeFromAST(search.schema, fragment.typeCondition)
  if (type) collectFrom(search, type, fragment.selectionSet)
}

function collectField(search: Search, type: GraphQLNamedType, node: FieldNode): void {
  const name = node.name.value
  for (const owner of ownersOf(search.schema, type)) {
    const field = owner.getFields()[name]
    const anyOf = field && scopeOf(search.schema, owner, field)
    if (anyOf) search.found.set(`${owner.name}.${name}`, { field: `${owner.name}.${name}`, anyOf })
  }
  if (!node.selectionSet || !(isObjectType(type) || isInterfaceType(type))) return
  const below = type.getFields()[name]
  const named = below && getNamedType(below.type)
  if (named && isCompositeType(named)) collectFrom(search, named, node.selectionSet)
}

/** A field that is asked for on an interface is a field of all that implement it. */
function ownersOf(schema: GraphQLSchema, type: GraphQLNamedType) {
  if (isObjectType(type)) return [type]
  return isInterfaceType(type) ? [type, ...schema.getPossibleTypes(type)] : []
}
