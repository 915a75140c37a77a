import { MediaPageDocument } from '@mediakeep/client'
import { useMemo } from 'react'
import { useQuery } from 'urql'
import { readFields, toView } from '../gallery/filters.ts'
import { usePlace } from '../gallery/place.ts'
import { useTimeline, type Month } from '../gallery/use-timeline.ts'

/** Block size: steps within a block of this many items need one query. */
const SPAN = 30

export interface Neighbour {
  readonly id: string
  readonly index: number
}

export interface Neighbours {
  readonly previous: Neighbour | undefined
  readonly next: Neighbour | undefined
  /** Position of this item, from 0, and number of items in the view that it was opened from. */
  readonly index: number
  readonly count: number
}

/** Returns an item's neighbours in the view that it was opened from; undefined where it was not opened from one. */
export function useNeighbours(id: string, search: string): Neighbours | undefined {
  const place = usePlace()
  const view = useMemo(() => toView(readFields(search)), [search])
  const isPaused = place === undefined
  const { months } = useTimeline(view, { isPaused })
  const first = Math.max(0, Math.floor((place ?? 0) / SPAN) * SPAN - SPAN)
  const page = pageFrom(months, first)
  const [{ data }] = useQuery({
    query: MediaPageDocument,
    variables: { ...view, ...page, first: 3 * SPAN },
    pause: isPaused || page === undefined,
  })
  const items = data?.mediaItems.nodes ?? []
  // Others may have arrived before it meanwhile, so look it up.
  const at = items.findIndex((item) => item.id === id)
  if (isPaused || at < 0) return undefined
  const beside = (step: number): Neighbour | undefined => {
    const item = items[at + step]
    return item && { id: item.id, index: first + at + step }
  }
  return {
    previous: beside(-1),
    next: beside(1),
    index: first + at,
    count: months.reduce((sum, month) => sum + month.count, 0),
  }
}

/** Returns the page arguments for a query that starts at this position. */
function pageFrom(months: readonly Month[], first: number): { after: string; skip: number } | undefined {
  let start = 0
  for (const { count, startCursor } of months) {
    if (first < start + count) return { after: startCursor, skip: first - start }
    start += count
  }
  return undefined
}
