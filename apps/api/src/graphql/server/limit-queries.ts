import type { ServerResponse } from 'node:http'
import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { CancellableDatabase } from '@mediakeep/sql'
import type { Context } from '../context/context.ts'
import { shareDatabase } from '../context/share-database.ts'

/** Returns a signal that aborts when the client disconnects before it has the whole answer. */
export function clientLeaves(response: ServerResponse): AbortSignal {
  const leaving = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort(new ClientLeftError())
  })
  return leaving.signal
}

/** The client has disconnected and no longer waits for the answer. */
export class ClientLeftError extends Error {
  override readonly name = 'ClientLeftError'
  readonly code = 'client_left'

  constructor() {
    super('The client closed its connection before the answer was complete')
  }
}

/**
 * Gives the statements of queries fair turns, and cancels them when the client disconnects or the answer becomes too
 * large. Mutations run to completion.
 */
export function limitQueries(db: CancellableDatabase): Plugin {
  const shared = shareDatabase()
  return {
    onExecute({ args }) {
      const { document, operationName, contextValue } = args as ExecutionArgs
      const context = contextValue as Context
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return
      const isUseless = AbortSignal.any([context.signal, context.budget.exhausted])
      Object.assign(context, { db: shared(db.cancelledBy(isUseless)) })
    },
  }
}
