import {
  cacheExchange,
  Client,
  type Exchange,
  fetchExchange,
  formatDocument,
  mapExchange,
  type Operation,
  type OperationResult,
  type AnyVariables,
  type DocumentInput,
} from '@urql/core'
import { createClient as createSseClient } from 'graphql-sse'
import { follow, type Follower, type FollowOptions } from './follow.ts'
import { persisted, requestOf } from './request.ts'

export interface ClientOptions {
  /** `https://archive.example/graphql` */
  readonly url: string
  /** Called before every request; returns undefined if the server requires no token. */
  readonly token?: () => string | undefined
  /**
   * Sends each operation's id instead of its text, as a server with PERSISTED_OPERATIONS=only requires.
   * Works only with this package's documents.
   */
  readonly usePersistedOperations?: boolean
  readonly fetch?: typeof fetch
}

export interface MediakeepClient {
  /** The urql client, for queries and mutations, and for its React, Vue and Svelte bindings. */
  readonly urql: Client
  /** Sends a query once, bypassing the cache. @throws CombinedError on a network or server error */
  query<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data>
  /** @throws CombinedError; expected failures are types of the result */
  mutate<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data>
  /** Follows a subscription until stopped: after a lost connection it resumes after the last event seen. */
  follow<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    options: FollowOptions<Data, Variables>,
  ): Follower
}

// The documents' types promise __typename everywhere, so add it even if no cache needs it.
const typenames = mapExchange({
  onOperation: (operation) => ({
    ...operation,
    query: formatDocument(operation.query) as Operation['query'],
  }),
})

/** Creates a client for one Mediakeep server, with a cache. */
export function createClient(options: ClientOptions): MediakeepClient {
  const { url, token, fetch: fetchWith = fetch, usePersistedOperations = false } = options
  const headers = (): Record<string, string> => {
    const secret = token?.()
    // The first header makes a browser send a preflight request before it uploads from another site.
    return { 'graphql-require-preflight': '1', ...(secret && { authorization: `Bearer ${secret}` }) }
  }
  const open = (exchanges: readonly Exchange[]): Client =>
    new Client({
      url,
      fetch: fetchWith,
      preferGetMethod: false,
      fetchOptions: () => ({ headers: headers() }),
      exchanges: [
        ...exchanges,
        typenames,
        ...(usePersistedOperations ? [mapExchange({ onOperation: persisted })] : []),
        fetchExchange,
      ],
    })
  const urql = open([cacheExchange])
  const uncached = open([])
  const connect = (onConnected: () => void): ReturnType<typeof createSseClient> =>
    createSseClient({
      url,
      fetchFn: fetchWith,
      headers,
      // `follow` handles retries, because it knows the cursor to resume from.
      retryAttempts: 0,
      on: { connected: onConnected },
    })
  return {
    urql,
    query: async (document, variables) => dataOf(await uncached.query(document, variables)),
    mutate: async (document, variables) => dataOf(await uncached.mutation(document, variables)),
    follow: (document, followOptions) =>
      follow(connect, (variables) => requestOf(document, variables, usePersistedOperations), followOptions),
  }
}

function dataOf<Data>({ data, error }: OperationResult<Data>): Data {
  if (error || data === undefined) throw error ?? new Error('The server answered nothing')
  return data
}
