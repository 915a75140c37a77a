import type { Viewer } from '@mediakeep/access'
import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Log } from '../ports/log.ts'
import { scopesOf } from './operation-scopes.ts'

const credentialOf = ({ id, name }: Viewer): object => ({ id, name })

export function logForbidden(log: Log, viewer: Viewer, fields: readonly string[]): void {
  log.warn({ credential: credentialOf(viewer), fields, status: 403 }, 'refused')
}

/**
 * Logs who requested a mutation, before it runs. Does not log the arguments, which may be secret. Skips workers'
 * mutations, because there are a hundred a second and the media's own logs record them.
 */
export function auditMutations(log: Log): Plugin {
  return {
    onExecute({ args }) {
      const { schema, document, operationName, contextValue } = args as ExecutionArgs
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.MUTATION) return
      const { viewer } = contextValue as { readonly viewer: Viewer }
      const fields = scopesOf(schema, document, operationName)
        .filter(({ anyOf }) => !anyOf.includes('analyze'))
        .map(({ field }) => field)
      if (fields.length === 0) return
      log.info({ credential: credentialOf(viewer), fields }, 'change requested')
    },
  }
}
