import SchemaBuilder from '@pothos/core'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ValidationPlugin from '@pothos/plugin-validation'
import { getDatamodel, type PrismaTypes } from '@mediakeep/db'
import { plainMessage, type JsonValue } from '@mediakeep/plugin-api'
import { GraphQLError, Kind, type ValueNode } from 'graphql'
import { z } from 'zod'
import '../../access/scope-plugin.ts'
import type { Context } from '../context/context.ts'
import { InvalidInputError } from './invalid-input.ts'

// The validation plugin parses with zod itself and takes no messages.
z.config({ localeError: plainMessage })

/** A connection counts its rows on request only, because that takes a separate statement. */
export interface Countable {
  readonly countAll?: (() => Promise<number>) | undefined
}

export const builder = new SchemaBuilder<{
  Context: Context
  PrismaTypes: PrismaTypes
  Connection: Countable
  DefaultFieldNullability: false
  DefaultEdgesNullability: false
  DefaultNodeNullability: false
  Scalars: {
    BigInt: { Input: number; Output: number | bigint }
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: JsonValue; Output: unknown }
    Upload: { Input: string; Output: never }
    ID: { Input: string; Output: string }
  }
}>({
  plugins: [ErrorsPlugin, ValidationPlugin, RelayPlugin, PrismaPlugin, 'scope'],
  defaultFieldNullability: false,
  errors: {
    directResult: true,
    unsafelyHandleInputErrors: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  prisma: { client: ({ prisma }) => prisma, dmmf: getDatamodel() },
  validation: { validationError: ({ issues }) => new InvalidInputError(issues) },
  relay: {
    cursorType: 'String',
    nodesOnConnection: true,
    brandLoadedObjects: true,
    edgesFieldOptions: { nullable: false },
    nodeFieldOptions: { nullable: false },
    nodeQueryOptions: { scope: 'read' },
    nodesQueryOptions: { scope: 'read' },
    // Global ids are the tables' own ids; their prefix identifies the type.
    encodeGlobalID: (_typename, id) => String(id),
    decodeGlobalID: (id) => ({ typename: typeOfId(id), id }),
  },
})

builder.queryType()
builder.mutationType()
builder.subscriptionType()

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    nullable: true,
    description:
      'The total number of objects in the list. It costs an additional query. Null if it cannot be counted.',
    resolve: (connection) => connection.countAll?.() ?? null,
  }),
)

builder.scalarType('BigInt', {
  description: 'A whole number between -(2^53 - 1) and 2^53 - 1, as a JSON number.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-6',
  serialize: (value) => {
    if (Number.isSafeInteger(Number(value))) return Number(value)
    throw unrepresentable(`The stored number ${String(value)} is larger than 2^53 - 1`)
  },
  parseValue: (value) => toSafeInteger(value),
  parseLiteral: (node: ValueNode) => toSafeInteger(node.kind === Kind.INT ? Number(node.value) : undefined),
})
builder.scalarType('DateTime', {
  description: 'A point in time as in RFC 3339: `2026-01-31T12:00:00.000Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: (value: unknown) => {
    // Drivers read "infinity" as a number; the last Date is in the year 275,760.
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
    throw unrepresentable('The stored time is infinite, or beyond the years that a date can have')
  },
  parseValue: toDate,
})
builder.scalarType('JSON', {
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: (value) => value as JsonValue,
})
builder.scalarType('Upload', {
  description: 'A file of a multipart request, as in the GraphQL multipart request specification.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  serialize: () => {
    throw new GraphQLError('Uploads cannot be read.')
  },
  parseValue: (value) => {
    if (typeof value !== 'string') throw new GraphQLError('A file is expected, sent in a multipart request.')
    return value
  },
})

const TYPES_BY_PREFIX = new Map([
  ['med', 'Media'],
  ['p', 'Post'],
  ['run', 'ImportRun'],
  ['dl', 'EngagementSnapshot'],
  ['content', 'DuplicateGroup'],
])

function typeOfId(id: string): string {
  const type = TYPES_BY_PREFIX.get(id.slice(0, id.indexOf('-')))
  if (type === undefined)
    throw new GraphQLError(`"${id.slice(0, 100)}" is not an id of this server.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    })
  return type
}

function unrepresentable(what: string): GraphQLError {
  return new GraphQLError(`${what}, and is not sent.`, { extensions: { code: 'UNREPRESENTABLE_VALUE' } })
}

function toSafeInteger(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number
  throw new GraphQLError('A whole number between -(2^53 - 1) and 2^53 - 1 is expected.')
}

const RFC_3339 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

function toDate(value: unknown): Date {
  const date = typeof value === 'string' && RFC_3339.test(value) ? new Date(value) : undefined
  if (date === undefined || Number.isNaN(date.getTime()))
    throw new GraphQLError('A date (2026-01-31) or a time with a zone (2026-01-31T12:00:00Z) is expected.')
  return date
}
