import {
  defaultFieldResolver,
  getNamedType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql'
import type { Context } from '../context/context.ts'

/** Scalars whose values may be large. */
const LARGE = new Set(['String', 'JSON'])

type Resolver = GraphQLFieldResolver<unknown, Pick<Context, 'budget'>>

/** Makes every field of texts or JSON, whatever resolves it, spend from the budget of its answer. */
export function countAnswerBytes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields()))
      if (LARGE.has(getNamedType(field.type).name))
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
