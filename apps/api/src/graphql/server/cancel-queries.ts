import type { ServerResponse } from 'node:http'
import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { CancellableDatabase } from '@mediakeep/sql'
import type { Context } from '../context/context.ts'

/** Aborts when the client leaves before it has its answer. */
export function clientLeaves(response: ServerResponse): AbortSignal {
  const leaving = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort(new ClientLeftError())
  })
  return leaving.signal
}

/** Nobody waits for the answer any more. */
export class ClientLeftError extends Error {
  override readonly name = 'ClientLeftError'
  readonly code = 'client_left'

  constructor() {
    super('The client closed its connection before the answer was complete')
  }
}

/** Cancels the statements of a query in the database when its client leaves. A mutation is completed. */
export function cancelQueries(db: CancellableDatabase): Plugin {
  return {
    onExecute({ args }) {
      const { document, operationName, contextValue } = args as ExecutionArgs
      const context = contextValue as Context
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return
      Object.assign(context, { db: db.cancelledBy(context.signal) })
    },
  }
}
