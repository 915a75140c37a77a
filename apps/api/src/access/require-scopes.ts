import { allows, type Viewer } from '@mediakeep/access'
import { GraphQLError, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { scopesOf, type ScopedField } from './operation-scopes.ts'
import { challenge } from './refusal.ts'

/** Called for each refused operation. */
export type OnForbidden = (viewer: Viewer, fields: readonly string[]) => void

/** Refuses a whole operation when any of its fields requires a scope that the viewer does not have. */
export function requireScopes(onForbidden: OnForbidden): Plugin {
  const judge = (args: ExecutionArgs): ExecutionResult | undefined => {
    const { viewer } = args.contextValue as { readonly viewer: Viewer }
    const lacking = lackingFields(args.schema, args, viewer)
    if (lacking.length === 0) return undefined
    onForbidden(
      viewer,
      lacking.map(({ field }) => field),
    )
    return { errors: lacking.map(({ field, anyOf }) => forbidden(field, anyOf)) }
  }
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refused = judge(args)
      if (refused) setResultAndStopExecution(refused)
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = judge(args)
      if (refused) setResultAndStopExecution(refused)
    },
  }
}

function forbidden(field: string, anyOf: readonly string[]): GraphQLError {
  const needs = anyOf.length > 0 ? `needs the scope ${anyOf.join(' or ')}` : 'is for nobody'
  return new GraphQLError(`${field} ${needs}.`, {
    extensions: {
      code: 'FORBIDDEN',
      http: { status: 403, headers: { 'www-authenticate': challenge('insufficient_scope', anyOf) } },
    },
  })
}

type Operation = Pick<ExecutionArgs, 'document' | 'operationName'>

/** Returns the reasons why the viewer may not run an operation, before it is executed; empty when allowed. */
export function lackingScopes(schema: GraphQLSchema, operation: Operation, viewer: Viewer): GraphQLError[] {
  return lackingFields(schema, operation, viewer).map(({ field, anyOf }) => forbidden(field, anyOf))
}

function lackingFields(
  schema: GraphQLSchema,
  { document, operationName }: Operation,
  viewer: Viewer,
): ScopedField[] {
  return scopesOf(schema, document, operationName).filter(({ anyOf }) => !allows(viewer.scopes, anyOf))
}
