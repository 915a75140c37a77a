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
  /** Asked before every request; undefined where the server wants none. */
  readonly token?: () => string | undefined
  /**
   * Sends the id of each operation in place of its text, as a server with PERSISTED_OPERATIONS=only wants it.
   * Holds for the documents of this package.
   */
  readonly usePersistedOperations?: boolean
  readonly fetch?: typeof fetch
}

export interface MediakeepClient {
  /** Reads and writes: urql's client, for its React, Vue and Svelte bindings too. */
  readonly urql: Client
  /** Asks once, past the cache. @throws CombinedError: what the network or the server had against it */
  query<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data>
  /** @throws CombinedError; expected failures are types of the result */
  mutate<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data>
  /** Follows a subscription for good: after a lost connection it goes on behind the last event seen. */
  follow<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    options: FollowOptions<Data, Variables>,
  ): Follower
}

// The types of the documents promise __typename everywhere, whether or not a cache wants it.
const typenames = mapExchange({
  onOperation: (operation) => ({
    ...operation,
    query: formatDocument(operation.query) as Operation['query'],
  }),
})

/** A client of one Mediakeep server, with its cache. */
export function createClient(options: ClientOptions): MediakeepClient {
  const { url, token, fetch: fetchWith = fetch, usePersistedOperations = false } = options
  const headers = (): Record<string, string> => {
    const secret = token?.()
    // The first header makes a browser ask before it sends an upload for another site.
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
      // Trying again is `follow`'s, which knows the cursor to go on from.
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
