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
 * Says of mutations who asked for them, before they run: what they were asked with may be secret, and is not said.
 * Workers' are left out, for they come a hundred a second and are in the media's own logs.
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
      log.info({ credential: credentialOf(viewer), fields }, 'asked to change something')
    },
  }
}
