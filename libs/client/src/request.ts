import { createRequest, formatDocument, getOperationName, stringifyDocument } from '@urql/core'
import type { AnyVariables, DocumentInput, Operation } from '@urql/core'
import type { RequestParams } from 'graphql-sse'
import { operationIds } from './generated/operation-ids.ts'

/** Adds the operation's id, to be sent instead of its text, if it is one of ours. */
export function persisted(operation: Operation): Operation {
  const persistedQuery = persistedQueryOf(getOperationName(operation.query))
  return persistedQuery
    ? { ...operation, extensions: { ...operation.extensions, persistedQuery } }
    : operation
}

/** Builds the request for a subscription. */
export function requestOf<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
  usePersistedOperations: boolean,
): RequestParams {
  const { query } = createRequest(document, variables)
  const operationName = getOperationName(query)
  const persistedQuery = usePersistedOperations ? persistedQueryOf(operationName) : undefined
  return {
    ...(operationName !== undefined && { operationName }),
    variables: variables as Record<string, unknown>,
    // The type requires a text; the server looks only at the id.
    query: persistedQuery ? '' : stringifyDocument(formatDocument(query) as typeof query),
    ...(persistedQuery && { extensions: { persistedQuery } }),
  }
}

function persistedQueryOf(name: string | undefined): { version: 1; sha256Hash: string } | undefined {
  const sha256Hash = name === undefined ? undefined : operationIds[name]
  return sha256Hash === undefined ? undefined : { version: 1, sha256Hash }
}
