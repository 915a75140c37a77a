import { MediaTimelineDocument, type MediaTimelineQuery } from '@mediakeep/client'
import { useCallback } from 'react'
import { useQuery } from 'urql'
import type { GalleryView } from './filters.ts'

export type Month = MediaTimelineQuery['mediaTimeline'][number]

const NONE: readonly Month[] = []

export interface Timeline {
  readonly months: readonly Month[]
  readonly isLoading: boolean
  readonly error: Error | undefined
  readonly refresh: () => void
}

/** Returns the number of items in each month of the view, in its order. */
export function useTimeline(view: GalleryView, { isPaused = false } = {}): Timeline {
  const [{ data, fetching, error }, execute] = useQuery({
    query: MediaTimelineDocument,
    variables: { filter: view.filter, orderBy: view.orderBy },
    requestPolicy: 'cache-and-network',
    pause: isPaused,
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  return {
    months: data?.mediaTimeline ?? NONE,
    isLoading: fetching && !data,
    error,
    refresh,
  }
}
