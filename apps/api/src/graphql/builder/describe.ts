import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

/** Descriptions by the name of their subject: `Media`, `Media.width`, `Query.posts(filter)`, `Fate.gone`. */
export type Descriptions = Readonly<Record<string, string>>

interface Described {
  description?: string | null | undefined
}

/** Descriptions of the parts that every connection, payload and result union has. */
const PAGE_ARGUMENTS: Descriptions = {
  first: 'How many to return from the start, at most 100. The default is 50.',
  last: 'How many to return from the end, at most 100. Not together with `first`.',
  after: 'A cursor: return only what follows it.',
  before: 'A cursor: return only what precedes it.',
}
const PAGE_FIELDS: Descriptions = {
  edges: 'The objects of this page, each with its cursor.',
  nodes: 'The objects of this page, without cursors.',
  pageInfo: 'Whether there are more pages, and the cursors to reach them.',
}
const EDGE_FIELDS: Descriptions = {
  cursor: 'The position of this object in the list, for `after` and `before`.',
  node: 'The object itself.',
}

/** Adds missing descriptions. @throws when an entry names nothing, or something that already has a description */
export function describe(schema: GraphQLSchema, descriptions: Descriptions): GraphQLSchema {
  const places = new Map(placesOf(schema))
  for (const [name, text] of Object.entries(descriptions)) {
    const place = places.get(name)
    if (!place) throw new Error(`The schema has no "${name}" to describe.`)
    if (isDescribed(place)) throw new Error(`"${name}" is described where it is defined, and again.`)
    place.description = text
  }
  for (const [name, place] of places) if (!isDescribed(place)) place.description = usual(schema, name)
  return schema
}

/** Yields everything in the schema that can have a description. */
export function* placesOf(schema: GraphQLSchema): Generator<[string, Described]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    yield [type.name, type]
    yield* partsOf(type)
  }
}

function* partsOf(type: GraphQLNamedType): Generator<[string, Described]> {
  if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value]
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field]
  if (!isObjectType(type) && !isInterfaceType(type)) return
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}`, field]
    for (const argument of field.args) yield [`${type.name}.${field.name}(${argument.name})`, argument]
  }
}

function isDescribed({ description }: Described): boolean {
  return (description ?? '').trim() !== ''
}

function usual(schema: GraphQLSchema, name: string): string | undefined {
  const [, typeName = '', field, argument] = /^(\w+)(?:\.(\w+))?(?:\((\w+)\))?$/.exec(name) ?? []
  if (argument !== undefined)
    return argument === 'input' ? 'The parameters of the mutation.' : PAGE_ARGUMENTS[argument]
  if (field !== undefined) {
    if (typeName.endsWith('Connection')) return PAGE_FIELDS[field]
    if (typeName.endsWith('Edge')) return EDGE_FIELDS[field]
    if (typeName.endsWith('Error') && field === 'message') return 'The problem, described for people.'
    return undefined
  }
  if (typeName.endsWith('Connection')) return 'One page of a list.'
  if (typeName.endsWith('Edge')) return 'An object of a page, and its position in the list.'
  if (!isUnionType(schema.getType(typeName))) return undefined
  return 'The payload of the mutation, or the error that prevented it.'
}
