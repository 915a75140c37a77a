import type { MediakeepClient } from '@mediakeep/client'
import {
  createContext,
  lazy,
  Suspense,
  useCallback,
  useContext,
  useMemo,
  useState,
  type ReactNode,
} from 'react'
import { Provider } from 'urql'
import type { Connection } from './follow-changes.ts'
import { openClient } from './open-client.ts'
import { useToken } from './token.ts'

interface Api {
  readonly client: MediakeepClient
  readonly connection: Connection
  readonly setConnection: (state: Connection) => void
  /** Opens the sign-in dialog. @param reason why the current token does not work */
  readonly askForToken: (reason?: string) => void
  /** Discards everything that was read, and reads it again. */
  readonly reopen: () => void
}

// Most servers need no token.
const TokenDialog = lazy(async () => ({ default: (await import('./token-dialog.tsx')).TokenDialog }))

const ApiContext = createContext<Api | undefined>(undefined)

/** Provides the views with a client of the server. A new token means a new client, with an empty cache. */
export function ApiProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const token = useToken()
  const [asking, setAsking] = useState<{ readonly reason: string | undefined }>()
  const [connection, setConnection] = useState<Connection>('connecting')
  const [opening, setOpening] = useState(0)
  const askForToken = useCallback(
    (reason?: string) => setAsking({ reason: token === undefined ? undefined : reason }),
    [token],
  )
  const reopen = useCallback(() => setOpening((count) => count + 1), [])
  // eslint-disable-next-line react-hooks/exhaustive-deps -- reopening makes a new client
  const client = useMemo(() => openClient(token, askForToken), [token, askForToken, opening])
  const api = useMemo(
    () => ({ client, connection, setConnection, askForToken, reopen }),
    [client, connection, askForToken, reopen],
  )
  return (
    <ApiContext value={api}>
      <Provider value={client.urql}>{children}</Provider>
      <Suspense>
        {asking && <TokenDialog reason={asking.reason} onClose={() => setAsking(undefined)} />}
      </Suspense>
    </ApiContext>
  )
}

export function useApi(): Api {
  const api = useContext(ApiContext)
  if (!api) throw new Error('useApi needs an ApiProvider above it')
  return api
}
