import type { Viewer } from '@mediakeep/access'
import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Log } from '../log.ts'
import { scopesOf } from './operation-scopes.ts'

const credentialOf = ({ id, name }: Viewer): object => ({ id, name })

export function logForbidden(log: Log, viewer: Viewer, fields: readonly string[]): void {
  log.warn({ credential: credentialOf(viewer), fields, status: 403 }, 'refused')
}

/** Says of every mutation who asked for it, before it runs: what it was asked with may be secret, and is not said. */
export function auditMutations(log: Log): Plugin {
  return {
    onExecute({ args }) {
      const { schema, document, operationName, contextValue } = args as ExecutionArgs
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.MUTATION) return
      const { viewer } = contextValue as { readonly viewer: Viewer }
      const fields = scopesOf(schema, document, operationName).map(({ field }) => field)
      log.info({ credential: credentialOf(viewer), fields }, 'asked to change something')
    },
  }
}
