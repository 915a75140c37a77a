import { allows, type Scope } from '@mediakeep/access'
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import { scopeOf } from './operation-scopes.ts'

export interface WalkedOperation {
  /** The field this operation reaches: `Media.post`. */
  readonly name: string
  /** The root field through which it is reached: `Query.mediaItem`. */
  readonly rootField: string
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly text: string
}

interface Place {
  readonly type: GraphQLObjectType
  readonly rootField: string
  readonly kind: WalkedOperation['kind']
  /** Wraps a selection of the type's fields in an operation. */
  readonly wrap: (selection: string) => string
}

/** Builds one minimal operation, by the shortest path, for each field of each object type that is reachable. */
export function walkSchema(schema: GraphQLSchema): WalkedOperation[] {
  const operations: WalkedOperation[] = []
  const seen = new Set<string>()
  const places = roots(schema)
  for (let place = places.shift(); place; place = places.shift()) {
    const isRoot = place.rootField === ''
    if (seen.has(place.type.name)) continue
    seen.add(place.type.name)
    for (const field of Object.values(place.type.getFields())) {
      const name = `${place.type.name}.${field.name}`
      const rootField = isRoot ? name : place.rootField
      const { kind, wrap } = place
      operations.push({
        name,
        rootField,
        kind,
        text: wrap(call(field, isComposite(field) ? '{ __typename }' : '')),
      })
      for (const type of objectsOf(schema, field))
        places.push({
          type,
          rootField,
          kind,
          wrap: (inner) => wrap(call(field, `{ ... on ${type.name} { ${inner} } }`)),
        })
    }
  }
  return operations
}

/** Returns the types that an operation can reach through fields that the scope allows. */
export function reachableTypes(schema: GraphQLSchema, scope: Scope): string[] {
  const reached = new Set<string>()
  const types = roots(schema).map(({ type }) => type)
  for (let type = types.shift(); type; type = types.shift()) {
    for (const field of Object.values(type.getFields())) {
      const anyOf = scopeOf(schema, type, field)
      if (anyOf && !allows(new Set([scope]), anyOf)) continue
      const below = objectsOf(schema, field)
      types.push(...below.filter(({ name }) => !reached.has(name)))
      for (const { name } of [getNamedType(field.type), ...below]) reached.add(name)
    }
  }
  return [...reached]
}

function roots(schema: GraphQLSchema): Place[] {
  const kinds = ['query', 'mutation', 'subscription'] as const
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return types.flatMap((type, at) => {
    const kind = kinds[at]!
    return type ? [{ type, rootField: '', kind, wrap: (inner: string) => `${kind} { ${inner} }` }] : []
  })
}

function isComposite(field: GraphQLField<unknown, unknown>): boolean {
  return isCompositeType(getNamedType(field.type))
}

function objectsOf(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
): readonly GraphQLObjectType[] {
  const type = getNamedType(field.type)
  if (isObjectType(type)) return [type]
  return isAbstractType(type) ? schema.getPossibleTypes(type) : []
}

function call(field: GraphQLField<unknown, unknown>, selection: string): string {
  const given = field.args.filter(isRequiredArgument).map((arg) => `${arg.name}: ${literal(arg.type)}`)
  return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${selection}`
}

/** Returns a literal that is valid for the type. */
function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType)
  if (isListType(type)) return `[${literal(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField)
    return `{ ${fields.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`
  }
  const scalars: Record<string, string> = {
    ...{ ID: '"med-00000001"', Int: '1', Float: '1', BigInt: '1', Boolean: 'true', JSON: '{}' },
    DateTime: '"2027-01-01"',
  }
  return scalars[type.name] ?? '"text"'
}
