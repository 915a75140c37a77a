import { OverviewDocument, type OverviewQuery } from '@mediakeep/client'
import { useCallback, useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { useRefreshOn } from '../connection/live.tsx'
import { usePolling } from '../ui/use-polling.ts'

/** Minimum interval between refreshes while changes come in. */
const EVERY_MS = 1_000
/** The server's counts may lag behind the change that triggered the refresh: they are read again after this long. */
const AGAIN_MS = 1_500
/** Polling interval, for what no change reports: addresses expire, others import. */
const IDLE_MS = 15_000

interface Overview {
  readonly data: OverviewQuery | undefined
  readonly error: Error | undefined
  readonly refresh: () => void
}

/** Returns counts of everything, kept up to date. */
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
