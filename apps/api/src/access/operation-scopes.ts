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

/** Any one of these scopes is enough; when empty, nobody has access. */
export type FieldScope = readonly Scope[]

/** A field that requires a scope. */
export interface ScopedField {
  /** `Query.posts` */
  readonly field: string
  readonly anyOf: FieldScope
}

/** Returns the scope that a field declares. A field of a root type that declares none is accessible to nobody. */
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
 * Returns the fields of an operation that require a scope; the viewer needs one of each field's scopes. Checked in the
 * document before anything runs, so that a viewer who may not run all of it learns nothing. Cached with the document.
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

/** Collects a fragment once: it needs the same scopes wherever it is spread. */
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

/** Returns the types a field belongs to: for an interface, also all types that implement it. */
function ownersOf(schema: GraphQLSchema, type: GraphQLNamedType) {
  if (isObjectType(type)) return [type]
  return isInterfaceType(type) ? [type, ...schema.getPossibleTypes(type)] : []
}
