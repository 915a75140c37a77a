import {
  EventCursorDocument,
  MediaStatusChangedDocument,
  type ConnectionState,
  type MediakeepClient,
  type MediaStatusChangedSubscription,
} from '@mediakeep/client'

export type StatusChange = MediaStatusChangedSubscription['mediaStatusChanged']

const RETRY_MS = 2_000

interface Watcher {
  readonly onChange: (change: StatusChange) => void
  readonly onState: (state: ConnectionState) => void
}

/** Follows the event log from where it ends now, until the signal aborts. */
export async function followChanges(
  client: MediakeepClient,
  signal: AbortSignal,
  { onChange, onState }: Watcher,
): Promise<void> {
  onState('connecting')
  const after = await cursorOf(client, signal, onState)
  if (signal.aborted) return
  const follower = client.follow(MediaStatusChangedDocument, {
    variables: { after },
    cursorOf: (data) => data.mediaStatusChanged.cursor,
    onData: (data) => onChange(data.mediaStatusChanged),
    onState,
    onRefused: () => onState('lost'),
  })
  signal.addEventListener('abort', () => follower.stop())
}

async function cursorOf(
  client: MediakeepClient,
  signal: AbortSignal,
  onState: Watcher['onState'],
): Promise<string | undefined> {
  while (!signal.aborted) {
    try {
      return (await client.query(EventCursorDocument, {})).eventCursor
    } catch {
      onState('lost')
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
  return undefined
}
