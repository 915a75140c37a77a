import { createClient, type ConnectionState, type MediakeepClient } from '@mediakeep/client'
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'
import { Provider } from 'urql'
import { TokenDialog } from './token-dialog.tsx'
import { readToken, useToken } from './token.ts'

interface Api {
  readonly client: MediakeepClient
  readonly connection: ConnectionState
  readonly setConnection: (state: ConnectionState) => void
  /** The server wants a token, or another one than it got. */
  readonly askForToken: () => void
}

const ApiContext = createContext<Api | undefined>(undefined)

/** The client of the server that this console came from. A new token is a new client, with an empty cache. */
export function ApiProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const token = useToken()
  const [isAsking, setAsking] = useState(false)
  const [connection, setConnection] = useState<ConnectionState>('connecting')
  const client = useMemo(() => open(token, () => setAsking(true)), [token])
  const api = useMemo(
    () => ({ client, connection, setConnection, askForToken: () => setAsking(true) }),
    [client, connection],
  )
  return (
    <ApiContext value={api}>
      <Provider value={client.urql}>{children}</Provider>
      <TokenDialog isOpen={isAsking} onClose={() => setAsking(false)} />
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
