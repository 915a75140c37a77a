import { useEffect, useRef } from 'react'
import { useApi } from './api.tsx'

/** Calls back when a lost connection is restored. */
export function useReconnect(onReturn: () => void): void {
  const { connection } = useApi()
  const before = useRef(connection)
  useEffect(() => {
    if (before.current !== 'live' && connection === 'live') onReturn()
    before.current = connection
  }, [connection, onReturn])
}
