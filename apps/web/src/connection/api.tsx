import { createClient, type MediakeepClient } from '@mediakeep/client'
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
import { readToken, useToken } from './token.ts'

interface Api {
  readonly client: MediakeepClient
  readonly connection: Connection
  readonly setConnection: (state: Connection) => void
  /** The server wants a token, or another one than it got. */
  readonly askForToken: () => void
  /** Forgets all that was read. */
  readonly reopen: () => void
}

// Most servers that are looked at want no token.
const TokenDialog = lazy(async () => ({ default: (await import('./token-dialog.tsx')).TokenDialog }))

const ApiContext = createContext<Api | undefined>(undefined)

/** The client of the server that this console came from. A new token is a new client, with an empty cache. */
export function ApiProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const token = useToken()
  const [isAsking, setAsking] = useState(false)
  const [connection, setConnection] = useState<Connection>('connecting')
  const [opening, setOpening] = useState(0)
  const askForToken = useCallback(() => setAsking(true), [])
  const reopen = useCallback(() => setOpening((count) => count + 1), [])
  // eslint-disable-next-line react-hooks/exhaustive-deps -- another opening, another client
  const client = useMemo(() => open(token, askForToken), [token, askForToken, opening])
  const api = useMemo(
    () => ({ client, connection, setConnection, askForToken, reopen }),
    [client, connection, askForToken, reopen],
  )
  return (
    <ApiContext value={api}>
      <Provider value={client.urql}>{children}</Provider>
      <Suspense>{isAsking && <TokenDialog onClose={() => setAsking(false)} />}</Suspense>
    </ApiContext>
  )
}

export function useApi(): Api {
  const api = useContext(ApiContext)
  if (!api) throw new Error('useApi needs an ApiProvider above it')
  return api
}

function open(token: string | undefined, onUnauthorized: () => void): MediakeepClient {
  return createClient({
    url: new URL('/graphql', location.href).href,
    token: () => token ?? readToken(),
    usePersistedOperations: import.meta.env.PROD,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (response.status === 401) onUnauthorized()
      return response
    },
  })
}
