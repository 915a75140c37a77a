import {
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
  type MouseEvent,
  type ReactNode,
  type Ref,
} from 'react'
import { useLocation } from 'wouter'
import { monthName } from '../ui/words.ts'
import styles from './grid.module.css'
import { boxOf, itemsWithin, sectionOf, sectionsWithin, type Layout, type Section } from './layout.ts'
import type { PageStore } from './page-store.ts'
import { Tile } from './tile.tsx'
import { useCursor } from './use-cursor.ts'
import { useLongPress } from './use-long-press.ts'
import type { Selection } from './use-selection.ts'
import type { TallScroller } from './use-tall-scroll.ts'
import type { Month } from './use-timeline.ts'

/** So much above and below what is to be seen is drawn too. */
const OVERSCAN = 400

export interface GridProps {
  /** What scrolls. */
  readonly ref: Ref<HTMLDivElement>
  readonly months: readonly Month[]
  readonly layout: Layout
  readonly scroller: TallScroller
  readonly store: PageStore
  readonly selection: Selection
  /** What was searched: an item shows where it stands. */
  readonly sought: string
  /** Selects everything between two positions of the gallery. */
  readonly onExtend: (from: number, to: number) => void
}

interface Stretch {
  readonly month: Month
  readonly section: Section
  readonly from: number
  readonly to: number
}

export function Grid({
  ref,
  months,
  layout,
  scroller,
  store,
  selection,
  sought,
  onExtend,
}: GridProps): ReactNode {
  const [, navigate] = useLocation()
  useSyncExternalStore(store.subscribe, store.version)
  const stretches = useStretches(months, layout, scroller)
  useEffect(() => store.want(stretches), [store, stretches])

  const itemAt = (index: number): ReturnType<PageStore['item']> => {
    const section = sectionOf(layout, index)
    const month = section && months.find(({ month }) => month === section.month)
    return section && month && store.item(month, index - section.start)
  }
  const open = (index: number): void => {
    const item = itemAt(index)
    if (item && item !== 'failed')
      navigate(`/items/${item.id}${sought && `?q=${encodeURIComponent(sought)}`}`)
  }
  const toggle = (index: number): void => {
    const item = itemAt(index)
    if (item && item !== 'failed') selection.toggle(item.id)
  }
  const cursor = useCursor({
    layout,
    pageRows: Math.max(1, Math.floor(scroller.viewport / layout.side) - 1),
    onMove: (index) => reveal(scroller, layout, index),
    onOpen: open,
    onToggle: toggle,
    onExtend,
    onEscape: selection.clear,
  })
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The focus follows the cursor while it is in the list.
    if (list.current?.contains(document.activeElement))
      list.current
        .querySelector<HTMLElement>(`[data-index="${cursor.index}"]`)
        ?.focus({ preventScroll: true })
  }, [cursor.index, stretches])

  const longPress = useLongPress(toggle)
  const onClick = (event: MouseEvent, index: number): void => {
    if (longPress.swallowsClick()) return
    if (event.shiftKey && selection.ids.size > 0) onExtend(cursor.index, index)
    else if (selection.ids.size > 0 || isOnCheck(event)) toggle(index)
    else open(index)
    cursor.set(index)
  }
  const shift = scroller.scrollTop - scroller.top
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
        onKeyDown={cursor.onKeyDown}
        onPointerMove={longPress.onPointerMove}
        onPointerUp={longPress.onPointerUp}
        onPointerCancel={longPress.onPointerUp}
        onContextMenu={longPress.onContextMenu}
      >
        {stretches.map((stretch) => (
          <div key={stretch.month.month} role="group" aria-label={monthName(stretch.month.month)}>
            <h2 className={styles['heading']} style={{ top: stretch.section.top + shift }} aria-hidden>
              {monthName(stretch.month.month)} <span>{stretch.month.count.toLocaleString()}</span>
            </h2>
            {Array.from({ length: stretch.to - stretch.from }, (_, n) => {
              const place = stretch.from + n
              const index = stretch.section.start + place
              const { top, left } = boxOf(layout, stretch.section, place)
              const item = store.item(stretch.month, place)
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
                  tabIndex={index === cursor.index ? 0 : -1}
                  onPointerDown={(event) => longPress.onPointerDown(event, index)}
                  onClick={(event) => onClick(event, index)}
                  onFocus={() => cursor.set(index)}
                >
                  {item === 'failed' ? (
                    <span className={styles['failed']}>could not be loaded</span>
                  ) : item ? (
                    <Tile item={item} isSelected={isSelected} />
                  ) : (
                    <span className="visually-hidden">loading</span>
                  )}
                </div>
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}

/** What is to be drawn: the parts of months that are near the window. */
function useStretches(
  months: readonly Month[],
  layout: Layout,
  { top, viewport }: TallScroller,
): readonly Stretch[] {
  const byName = useMemo(() => new Map(months.map((month) => [month.month, month])), [months])
  // Redrawn by the row, not by the pixel.
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

/** Scrolls no farther than needed. */
function reveal(scroller: TallScroller, layout: Layout, index: number): void {
  const section = sectionOf(layout, index)
  if (!section) return
  const { top } = boxOf(layout, section, index - section.start)
  if (top < scroller.top) scroller.scrollTo(top - 8)
  else if (top + layout.side > scroller.top + scroller.viewport)
    scroller.scrollTo(top + layout.side - scroller.viewport + 8)
}

/** The upper left corner, where the check mark is. */
function isOnCheck(event: MouseEvent): boolean {
  const box = event.currentTarget.getBoundingClientRect()
  return event.clientX - box.left < 36 && event.clientY - box.top < 36
}
