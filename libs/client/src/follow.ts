import type { AnyVariables } from '@urql/core'
import { NetworkError, type Client as SseClient, type RequestParams } from 'graphql-sse'

/** `lost`: reconnects after a pause that grows up to five seconds. */
export type ConnectionState = 'connecting' | 'live' | 'lost'

export interface FollowOptions<Data, Variables extends AnyVariables> {
  readonly variables: Variables
  /** Returns the stream's cursor after this event, which is sent as the variable `after` on resuming. */
  readonly cursorOf: (data: Data) => string
  readonly onData: (data: Data) => void
  readonly onState?: (state: ConnectionState) => void
  /**
   * The server refused: wrong token, unknown field, or a cursor older than its log. There are no more retries.
   *
   * @param status HTTP status, if the refusal was one: 401 or 403 if another token is needed
   */
  readonly onRefused?: (errors: readonly { readonly message: string }[], status?: number) => void
}

export interface Follower {
  stop(): void
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5_000

export function follow<Data, Variables extends AnyVariables>(
  connect: (onConnected: () => void) => SseClient,
  request: (variables: Variables) => RequestParams,
  { variables, cursorOf, onData, onState, onRefused }: FollowOptions<Data, Variables>,
): Follower {
  const state = { isStopped: false }
  let after: string | undefined
  let pauseMs = FIRST_PAUSE_MS
  let wake = (): void => undefined
  const client = connect(() => {
    pauseMs = FIRST_PAUSE_MS
    onState?.('live')
  })
  /** @returns true to retry */
  const listen = async (): Promise<boolean> => {
    const params = request(after === undefined ? variables : { ...variables, after })
    for await (const result of client.iterate<Data>(params)) {
      if (result.errors) {
        onRefused?.(result.errors)
        return false
      }
      if (!result.data) continue
      after = cursorOf(result.data)
      onData(result.data)
    }
    return true
  }
  /** Returns whether to retry after a failure: not if the server's status says that retrying is pointless. */
  const refused = (error: unknown): boolean => {
    const status =
      error instanceof NetworkError ? (error.response as Response | undefined)?.status : undefined
    if (status === undefined || status < 400 || status >= 500 || status === 429) return true
    onRefused?.([{ message: `The server answered ${status}` }], status)
    return false
  }
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs * (0.75 + Math.random() / 2))
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    })
  const run = async (): Promise<void> => {
    onState?.('connecting')
    // Whatever ended the connection, the log still has the missed events.
    while ((await listen().catch(refused)) && !state.isStopped) {
      onState?.('lost')
      await pause()
    }
  }
  void run()
  return {
    stop() {
      state.isStopped = true
      client.dispose()
      wake()
    },
  }
}
