import {
  EventCursorDocument,
  MediaStatusChangedDocument,
  type ConnectionState,
  type MediakeepClient,
  type MediaStatusChangedSubscription,
} from '@mediakeep/client'
import { isForbidden, isUnauthorized } from './error-message.ts'

export type StatusChange = MediaStatusChangedSubscription['mediaStatusChanged']

/** `signed-out`, `forbidden`: the server requires another token; nothing is retried until there is one. */
export type Connection = ConnectionState | 'signed-out' | 'forbidden'

const RETRY_MS = 2_000

interface Watcher {
  readonly onChange: (change: StatusChange) => void
  readonly onState: (state: Connection) => void
  /** The server's log no longer has the changes after the cursor. */
  readonly onGap: () => void
}

/** Follows the event log from a cursor until the signal aborts. */
export function followChanges(
  client: MediakeepClient,
  signal: AbortSignal,
  after: string,
  { onChange, onState, onGap }: Watcher,
): void {
  const follower = client.follow(MediaStatusChangedDocument, {
    variables: { after },
    cursorOf: (data) => data.mediaStatusChanged.cursor,
    onData: (data) => !signal.aborted && onChange(data.mediaStatusChanged),
    onState: (state) => !signal.aborted && onState(state),
    onRefused(_errors, status) {
      if (signal.aborted) return
      if (status === 401 || status === 403) {
        onState(status === 401 ? 'signed-out' : 'forbidden')
        return
      }
      onState('lost')
      setTimeout(() => !signal.aborted && onGap(), RETRY_MS)
    },
  })
  signal.addEventListener('abort', () => follower.stop())
}

/** Requests the end of the event log until the server answers. @returns undefined if it refuses */
export async function logEnd(
  client: MediakeepClient,
  signal: AbortSignal,
  onState: Watcher['onState'],
): Promise<string | undefined> {
  while (!signal.aborted) {
    try {
      return (await client.query(EventCursorDocument, {})).eventCursor
    } catch (error) {
      if (isUnauthorized(error) || isForbidden(error)) {
        onState(isForbidden(error) ? 'forbidden' : 'signed-out')
        return undefined
      }
      onState('lost')
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
  return undefined
}
