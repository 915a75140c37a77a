import {
  EventCursorDocument,
  MediaStatusChangedDocument,
  type ConnectionState,
  type MediakeepClient,
  type MediaStatusChangedSubscription,
} from '@mediakeep/client'
import { isForbidden, isUnauthorized } from './error-message.ts'

export type StatusChange = MediaStatusChangedSubscription['mediaStatusChanged']

/** `refused`: the server wants another token; nothing is tried until there is one. */
export type Connection = ConnectionState | 'refused'

const RETRY_MS = 2_000

interface Watcher {
  readonly onChange: (change: StatusChange) => void
  readonly onState: (state: Connection) => void
  /** The server's log no longer has what came meanwhile: all that is shown may be old. */
  readonly onGap: () => void
}

/** Follows the event log from where it ends now, until the signal aborts. */
export async function followChanges(
  client: MediakeepClient,
  signal: AbortSignal,
  { onChange, onState, onGap }: Watcher,
): Promise<void> {
  onState('connecting')
  const after = await cursorOf(client, signal, onState)
  if (signal.aborted || after === undefined) return
  const follower = client.follow(MediaStatusChangedDocument, {
    variables: { after },
    cursorOf: (data) => data.mediaStatusChanged.cursor,
    onData: (data) => onChange(data.mediaStatusChanged),
    onState,
    onRefused() {
      onState('lost')
      setTimeout(() => !signal.aborted && onGap(), RETRY_MS)
    },
  })
  signal.addEventListener('abort', () => follower.stop())
}

/** @returns undefined when there is no use in asking */
async function cursorOf(
  client: MediakeepClient,
  signal: AbortSignal,
  onState: Watcher['onState'],
): Promise<string | undefined> {
  while (!signal.aborted) {
    try {
      return (await client.query(EventCursorDocument, {})).eventCursor
    } catch (error) {
      if (isUnauthorized(error) || isForbidden(error)) {
        onState('refused')
        return undefined
      }
      onState('lost')
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
  return undefined
}
