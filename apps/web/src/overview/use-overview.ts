import { OverviewDocument, type OverviewQuery } from '@mediakeep/client'
import { useCallback, useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { useRefreshOn } from '../connection/live.tsx'
import { usePolling } from '../ui/use-polling.ts'

/** No more often than this while changes come in. */
const EVERY_MS = 1_000
/** The server's counts may be a moment older than the change that made us ask: so long after, they are asked for again. */
const AGAIN_MS = 1_500
/** What no change tells: time runs out for addresses, others import. */
const IDLE_MS = 15_000

interface Overview {
  readonly data: OverviewQuery | undefined
  readonly error: Error | undefined
  readonly refresh: () => void
}

/** The counts of everything, as they change. */
export function useOverview(): Overview {
  const [{ data, error }, execute] = useQuery({
    query: OverviewDocument,
    variables: {},
    requestPolicy: 'cache-and-network',
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  const again = useRef<ReturnType<typeof setTimeout>>(undefined)
  const follow = useCallback(() => {
    refresh()
    clearTimeout(again.current)
    again.current = setTimeout(refresh, AGAIN_MS)
  }, [refresh])
  usePolling(refresh, IDLE_MS)
  useEffect(() => () => clearTimeout(again.current), [])
  useRefreshOn('fate', follow, EVERY_MS)
  useRefreshOn('archive', follow, EVERY_MS)
  useRefreshOn('analysis', follow, EVERY_MS)
  return { data, error, refresh }
}
