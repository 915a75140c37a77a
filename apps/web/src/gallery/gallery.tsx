import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { useApi } from '../app/api.tsx'
import { useRefreshOn, useStatusChanges } from '../app/live.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { useSize } from '../ui/use-size.ts'
import { countWords } from '../ui/words.ts'
import { FilterBar } from './filter-bar.tsx'
import { readFields, toView, writeFields, type FilterFields, type GalleryView } from './filters.ts'
import styles from './gallery.module.css'
import { Grid } from './grid.tsx'
import { layOut, type Layout } from './layout.ts'
import { PageStore } from './page-store.ts'
import { SelectionBar } from './selection-bar.tsx'
import { TimeRail } from './time-rail.tsx'
import { useSelection } from './use-selection.ts'
import { useTallScroll } from './use-tall-scroll.ts'
import { useTimeline, type Month } from './use-timeline.ts'

/** A range selects no more than this; what comes after needs a filter. */
const MAX_RANGE = 2_000

const nothing = (): void => undefined

export function Gallery(): ReactNode {
  const search = useSearch()
  const [, navigate] = useLocation()
  const fields = useMemo(() => readFields(search), [search])
  const view = useMemo(() => toView(fields), [fields])
  const timeline = useTimeline(view)
  // What came or went changes how many there are.
  useRefreshOn('fate', timeline.refresh)
  useRefreshOn('analysis', view.filter.search || view.filter.status ? timeline.refresh : nothing)
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
        summary={timeline.isLoading ? 'Counting …' : countWords(count, 'item')}
      />
      {timeline.error ? (
        <Notice title="The gallery could not be read" tone="bad">
          <p>{timeline.error.message}</p>
          <Button onPress={timeline.refresh}>Try again</Button>
        </Notice>
      ) : !timeline.isLoading && count === 0 ? (
        <Empty isFiltered={search !== ''} />
      ) : (
        // Another view begins at its top, with nothing selected.
        <Results key={search} view={view} months={timeline.months} />
      )}
    </div>
  )
}

function Results({
  view,
  months,
}: {
  readonly view: GalleryView
  readonly months: readonly Month[]
}): ReactNode {
  const { client } = useApi()
  const store = useMemo(() => new PageStore(client, view), [client, view])
  const selection = useSelection()
  const [element, setElement] = useState<HTMLElement | null>(null)
  const { width, height } = useSize(element)
  const layout = useMemo(() => layOut(months, width, width < 640 ? 104 : 168), [months, width])
  const scroller = useTallScroll(element, layout.height, height)
  useStatusChanges(useCallback((changes) => changes.forEach((change) => store.apply(change)), [store]))
  const extend = (from: number, to: number): void => {
    void idsBetween(store, months, layout, from, to).then(selection.add)
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
        sought={view.filter.search ?? ''}
        onExtend={extend}
      />
      <TimeRail layout={layout} top={scroller.top} onJump={scroller.scrollTo} />
      <SelectionBar selection={selection} />
    </div>
  )
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

/** The ids of what stands between two positions, both included, loaded where they are not here. */
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
