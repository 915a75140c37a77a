import { useCallback, useEffect, useRef, type HTMLAttributes, type MouseEvent, type RefObject } from 'react'
import type { GridProps } from './grid-props.ts'
import { boxOf, sectionOf, type Layout } from './layout.ts'
import { useCursor } from './use-cursor.ts'
import { useLongPress } from './use-long-press.ts'
import type { TallScroller } from './use-tall-scroll.ts'

export interface GridControls {
  readonly list: RefObject<HTMLDivElement | null>
  readonly ofList: HTMLAttributes<HTMLDivElement>
  readonly ofCell: (index: number) => HTMLAttributes<HTMLDivElement>
}

/** Handles keys, pointers and touch in the grid. */
export function useGridControls(props: GridProps): GridControls {
  const { layout, scroller, store, selection, startAt, addressOf, onOpen, onExtend } = props
  const idAt = (index: number): string | undefined => idIn(props, index)
  const open = (index: number): void => {
    const id = idAt(index)
    if (id === undefined) store.retry()
    else onOpen(id, index)
  }
  const toggle = (index: number): void => {
    const id = idAt(index)
    if (id !== undefined) selection.toggle(id)
  }
  const cursor = useCursor({
    layout,
    startAt,
    pageRows: Math.max(1, Math.floor(scroller.viewport / layout.side) - 1),
    onMove: (index) => reveal(scroller, layout, index),
    onOpen: open,
    onToggle: toggle,
    onExtend,
    onEscape: selection.clear,
  })
  const list = useFocus(props, cursor.index)
  const { swallowsClick, onPointerDown, ...longPress } = useLongPress(toggle)
  const onClick = (event: MouseEvent, index: number): void => {
    if (swallowsClick()) return
    const isChoosing = selection.ids.size > 0
    if (event.shiftKey && isChoosing) onExtend(cursor.index, index)
    else if (isChoosing || event.ctrlKey || event.metaKey || isOnCheck(event)) toggle(index)
    else open(index)
    cursor.set(index)
  }
  /** The middle button opens a new tab, as with links; the new tab gets the token. */
  const onAuxClick = (event: MouseEvent, index: number): void => {
    const id = idAt(index)
    if (event.button === 1 && id !== undefined) window.open(addressOf(id), '_blank')
  }
  return {
    list,
    ofList: { onKeyDown: cursor.onKeyDown, onPointerCancel: longPress.onPointerUp, ...longPress },
    ofCell: (index) => ({
      tabIndex: index === cursor.index ? 0 : -1,
      onPointerDown: (event) => onPointerDown(event, index),
      onClick: (event) => onClick(event, index),
      onAuxClick: (event) => onAuxClick(event, index),
      onFocus: () => cursor.set(index),
    }),
  }
}

function idIn({ layout, months, store }: GridProps, index: number): string | undefined {
  const section = sectionOf(layout, index)
  const month = section && months.find(({ month }) => month === section.month)
  const item = section && month && store.item(month, index - section.start)
  return item === 'failed' ? undefined : item?.id
}

/** Keeps the focus on the cursor while it is in the list, and starts where the user left. @returns the list's ref */
function useFocus({ layout, scroller, startAt }: GridProps, at: number): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null)
  const focus = useCallback((index: number): void => {
    list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true })
  }, [])
  const start = useRef<'open' | 'scrolled' | 'done'>(startAt === undefined ? 'done' : 'open')
  useEffect(() => {
    if (list.current?.contains(document.activeElement)) focus(at)
    if (startAt === undefined || start.current === 'done') return
    // Wait until the viewport and the item's position are known.
    const section = scroller.viewport > 0 ? sectionOf(layout, startAt) : undefined
    if (!section) return
    if (start.current === 'open') {
      const { top } = boxOf(layout, section, startAt - section.start)
      scroller.scrollTo(top - (scroller.viewport - layout.side) / 2)
      start.current = 'scrolled'
      return
    }
    focus(startAt)
    start.current = 'done'
  })
  return list
}

/** Scrolls just far enough to show an item. */
function reveal(scroller: TallScroller, layout: Layout, index: number): void {
  const section = sectionOf(layout, index)
  if (!section) return
  const { top } = boxOf(layout, section, index - section.start)
  if (top < scroller.top) scroller.scrollTo(top - 8)
  else if (top + layout.side > scroller.top + scroller.viewport)
    scroller.scrollTo(top + layout.side - scroller.viewport + 8)
}

/** True in the upper left corner, where the check mark is. */
function isOnCheck(event: MouseEvent): boolean {
  const box = event.currentTarget.getBoundingClientRect()
  return event.clientX - box.left < 36 && event.clientY - box.top < 36
}
