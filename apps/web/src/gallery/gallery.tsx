import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { useApi } from '../connection/api.tsx'
import { useRefreshOn, useStatusChanges } from '../connection/live.tsx'
import { useTitle } from '../ui/use-title.ts'
import { LoadError } from '../connection/load-error.tsx'
import { useReconnect } from '../connection/use-reconnect.ts'
import { Notice } from '../ui/notice.tsx'
import { useToasts } from '../ui/toasts.tsx'
import { useSize } from '../ui/use-size.ts'
import { countWords } from '../ui/words.ts'
import { FilterBar } from './filter-bar.tsx'
import { readFields, toView, writeFields, type FilterFields, type GalleryView } from './filters.ts'
import styles from './gallery.module.css'
import { Grid } from './grid.tsx'
import { layOut, type Layout } from './layout.ts'
import { PageStore } from './page-store.ts'
import { itemAddress, notePlace, usePlace } from './place.ts'
import { SelectionBar } from './selection-bar.tsx'
import { TimeRail } from './time-rail.tsx'
import { useSelectAllKey } from './use-select-all-key.ts'
import { useSelection } from './use-selection.ts'
import { useTallScroll } from './use-tall-scroll.ts'
import { useTimeline, type Month } from './use-timeline.ts'

/** Most items that a range selects; a toast says so at the limit. Selecting the rest needs a filter. */
const MAX_RANGE = 2_000
/** Smallest side of a square, in pixels, on phones and elsewhere. */
const SMALLEST = { narrow: 104, wide: 168 }

const nothing = (): void => undefined

export function Gallery(): ReactNode {
  const search = useSearch()
  const [, navigate] = useLocation()
  const fields = useMemo(() => readFields(search), [search])
  const view = useMemo(() => toView(fields), [fields])
  const timeline = useTimeline(view)
  // Items that arrive or disappear change the counts.
  useRefreshOn('fate', timeline.refresh)
  useRefreshOn('analysis', view.filter.search || view.filter.status ? timeline.refresh : nothing)
  useTitle(fields.q === '' ? 'Gallery' : `${fields.q} · Gallery`)
  const count = timeline.months.reduce((sum, month) => sum + month.count, 0)
  const change = useCallback(
    (next: FilterFields) => navigate(`/?${writeFields(next)}`, { replace: true }),
    [navigate],
  )
  return (
    <div className={styles['gallery']}>
      <h1 className="visually-hidden">Gallery</h1>
      <FilterBar
        fields={fields}
        onChange={change}
        summary={timeline.error ? '' : timeline.isLoading ? 'Counting …' : countWords(count, 'item')}
      />
      {timeline.error ? (
        <LoadError what="The gallery" error={timeline.error} onRetry={timeline.refresh} />
      ) : !timeline.isLoading && count === 0 ? (
        <Empty isFiltered={search !== ''} />
      ) : (
        // Another view starts at its top, with nothing selected.
        <Results key={search} search={search} view={view} months={timeline.months} />
      )}
    </div>
  )
}

function Results({
  search,
  view,
  months: counted,
}: {
  readonly search: string
  readonly view: GalleryView
  /** Empty while they are being counted. */
  readonly months: readonly Month[]
}): ReactNode {
  const { client } = useApi()
  const [, navigate] = useLocation()
  const { say } = useToasts()
  const place = usePlace()
  const store = useMemo(() => new PageStore(client, view), [client, view])
  const opened = useOpening(store, place)
  const months = counted.length > 0 ? counted : opened
  useReconnect(store.retry)
  const selection = useSelection()
  const [element, setElement] = useState<HTMLElement | null>(null)
  const { width, height } = useSize(element)
  const layout = useMemo(
    () => layOut(months, width, width < 640 ? SMALLEST.narrow : SMALLEST.wide),
    [months, width],
  )
  const scroller = useTallScroll(element, layout.height, height)
  useStatusChanges(useCallback((changes) => changes.forEach((change) => store.apply(change)), [store]))
  const extend = (from: number, to: number): void => {
    void idsBetween(store, months, layout, from, to).then(selection.add)
    if (Math.abs(to - from) >= MAX_RANGE)
      say(`A range selects ${countWords(MAX_RANGE, 'item')} at most. A filter selects fewer.`)
  }
  useSelectAllKey(() => extend(0, layout.count - 1))
  const clear = (): void => {
    selection.clear()
    // The focused button disappears with the bar.
    element?.querySelector<HTMLElement>('[role=option][tabindex="0"]')?.focus()
  }
  const open = (id: string, index: number): void => {
    notePlace(index)
    navigate(itemAddress(id, search), { state: { index } })
  }
  return (
    <div className={styles['body']}>
      <Grid
        ref={setElement}
        months={months}
        layout={layout}
        scroller={scroller}
        store={store}
        selection={selection}
        startAt={place}
        addressOf={(id) => itemAddress(id, search)}
        onOpen={open}
        onExtend={extend}
      />
      <TimeRail
        layout={layout}
        isCounted={months === counted}
        top={scroller.top}
        onJump={scroller.scrollTo}
      />
      <SelectionBar selection={selection} onClear={clear} />
    </div>
  )
}

const NONE: readonly Month[] = []

/** Returns months to draw before the count is done; none when the user returns to a place farther down. */
function useOpening(store: PageStore, place: number | undefined): readonly Month[] {
  const [opened, setOpened] = useState(NONE)
  useEffect(() => {
    if (place === undefined) void store.open().then(setOpened)
  }, [store, place])
  return opened
}

function Empty({ isFiltered }: { readonly isFiltered: boolean }): ReactNode {
  return isFiltered ? (
    <Notice title="Nothing matches">
      <p>Fewer conditions, or other words, may find more.</p>
      <Link href="/">Show everything</Link>
    </Notice>
  ) : (
    <Notice title="There are no pictures yet">
      <p>Import posts, and their media appear here as they arrive.</p>
      <Link href="/imports">Import posts</Link>
    </Notice>
  )
}

/** Returns the ids between two positions, both included; loads those that are missing. */
async function idsBetween(
  store: PageStore,
  months: readonly Month[],
  layout: Layout,
  from: number,
  to: number,
): Promise<string[]> {
  const [first, last] = from < to ? [from, to] : [to, from]
  const end = Math.min(last + 1, first + MAX_RANGE)
  const parts = layout.sections
    .filter(({ start, count }) => start < end && start + count > first)
    .map((section) => {
      const month = months.find(({ month }) => month === section.month)!
      return store.load(
        month,
        Math.max(0, first - section.start),
        Math.min(section.count, end - section.start),
      )
    })
  return (await Promise.all(parts)).flat().map(({ id }) => id)
}
