import {
  defaultFieldResolver,
  getNamedType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql'
import type { Context } from '../context/context.ts'

/** Scalars that may have large values. */
const LARGE = new Set(['String', 'JSON'])

/**
 * Columns with texts of any length. Other columns are read without a resolver, which makes pages of compiled queries
 * fast; an answer has at most 20,000 objects, and its length is checked when it is written.
 */
const LONG_COLUMNS = new Set([
  ...['rawJson', 'statsJson', 'textContent', 'excerpt', 'reason', 'fateReason', 'rejectedReason'],
  ...['error', 'errorMessage', 'example', 'expected', 'actual', 'result', 'details'],
])

type Resolver = GraphQLFieldResolver<unknown, Pick<Context, 'budget'>>

/** Makes fields that may be large spend from the budget of their answer. */
export function countAnswerBytes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields()))
      if (LARGE.has(getNamedType(field.type).name) && (field.resolve || LONG_COLUMNS.has(field.name)))
        field.resolve = counted(field.resolve ?? defaultFieldResolver)
  }
  return schema
}

function counted(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const value = resolve(source, args, context, info)
    if (value instanceof Promise)
      return value.then((resolved: unknown) => {
        context.budget.spend(resolved)
        return resolved
      })
    context.budget.spend(value)
    return value
  }
}
