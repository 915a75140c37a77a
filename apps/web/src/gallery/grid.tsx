import { useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { monthName } from '../ui/words.ts'
import type { GridProps } from './grid-props.ts'
import styles from './grid.module.css'
import { boxOf, itemsWithin, sectionsWithin, type Layout, type Section } from './layout.ts'
import { isCounted } from './page-store.ts'
import { Tile } from './tile.tsx'
import { useGridControls, type GridControls } from './use-grid-controls.ts'
import type { TallScroller } from './use-tall-scroll.ts'
import type { Month } from './use-timeline.ts'

/** Distance above and below the viewport that is drawn too, in pixels. */
const OVERSCAN = 400

interface Stretch {
  readonly month: Month
  readonly section: Section
  readonly from: number
  readonly to: number
}

export function Grid(props: GridProps): ReactNode {
  const { ref, months, layout, scroller, store } = props
  useSyncExternalStore(store.subscribe, store.version)
  const stretches = useStretches(months, layout, scroller)
  useEffect(() => store.want(stretches), [store, stretches])
  const { list, ofList, ofCell } = useGridControls(props)
  return (
    <div className={styles['scroller']} ref={ref}>
      <div
        ref={list}
        className={styles['content']}
        style={{ height: scroller.elementHeight }}
        role="listbox"
        aria-label="Media"
        aria-multiselectable
        tabIndex={layout.count > 0 ? -1 : undefined}
        {...ofList}
      >
        {stretches.map((stretch) => (
          <MonthCells key={stretch.month.month} stretch={stretch} grid={props} ofCell={ofCell} />
        ))}
      </div>
    </div>
  )
}

/** Draws a month's heading and those of its items that are near the viewport. */
function MonthCells({
  stretch: { month, section, from, to },
  grid: { layout, scroller, store, selection },
  ofCell,
}: {
  readonly stretch: Stretch
  readonly grid: GridProps
  readonly ofCell: GridControls['ofCell']
}): ReactNode {
  const shift = scroller.scrollTop - scroller.top
  const name = monthName(month.month)
  return (
    <div role="group" aria-label={name}>
      <h2 className={styles['heading']} style={{ top: section.top + shift }} aria-hidden>
        {name} {isCounted(month) && <span>{month.count.toLocaleString()}</span>}
      </h2>
      {Array.from({ length: to - from }, (_, n) => {
        const place = from + n
        const index = section.start + place
        const { top, left } = boxOf(layout, section, place)
        const item = store.item(month, place)
        const isSelected = item !== undefined && item !== 'failed' && selection.ids.has(item.id)
        return (
          <div
            key={place}
            className={styles['cell']}
            style={{
              transform: `translate(${left}px, ${top + shift}px)`,
              width: layout.side,
              height: layout.side,
            }}
            role="option"
            aria-selected={isSelected}
            aria-posinset={index + 1}
            aria-setsize={layout.count}
            data-index={index}
            {...ofCell(index)}
          >
            {item === 'failed' ? (
              <span className={styles['failed']}>could not be loaded; press to try again</span>
            ) : item ? (
              <Tile item={item} isSelected={isSelected} />
            ) : (
              <span className="visually-hidden">loading</span>
            )}
          </div>
        )
      })}
    </div>
  )
}

/** Returns what to draw: the parts of months that are near the viewport. */
function useStretches(
  months: readonly Month[],
  layout: Layout,
  { top, viewport }: TallScroller,
): readonly Stretch[] {
  const byName = useMemo(() => new Map(months.map((month) => [month.month, month])), [months])
  // Redraw per row, not per pixel.
  const row = Math.floor(top / layout.side)
  return useMemo(() => {
    const from = row * layout.side - OVERSCAN
    const to = from + viewport + layout.side + 2 * OVERSCAN
    return sectionsWithin(layout, from, to).map((section) => ({
      month: byName.get(section.month)!,
      section,
      ...itemsWithin(layout, section, from, to),
    }))
  }, [byName, layout, row, viewport])
}
