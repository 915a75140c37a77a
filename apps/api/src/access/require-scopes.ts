import { allows, type Viewer } from '@mediakeep/access'
import { GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { scopesOf } from './operation-scopes.ts'
import { challenge } from './refusal.ts'

/** Told of each operation that was refused. */
export type OnForbidden = (viewer: Viewer, fields: readonly string[]) => void

/** Refuses an operation whole when any of its fields takes a scope that the viewer does not hold. */
export function requireScopes(onForbidden: OnForbidden): Plugin {
  const judge = (args: ExecutionArgs): ExecutionResult | undefined => {
    const { viewer } = args.contextValue as { readonly viewer: Viewer }
    const lacking = scopesOf(args.schema, args.document, args.operationName).filter(
      ({ anyOf }) => !allows(viewer.scopes, anyOf),
    )
    if (lacking.length === 0) return undefined
    onForbidden(
      viewer,
      lacking.map(({ field }) => field),
    )
    const errors = lacking.map(({ field, anyOf }) => forbidden(field, anyOf))
    return { errors }
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
