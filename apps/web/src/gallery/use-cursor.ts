import { useState, type KeyboardEvent } from 'react'
import type { Layout } from './layout.ts'

/** Returns the position in the whole gallery that a key moves to; undefined for other keys. */
function moved(key: string, from: number, { columns, count }: Layout, pageRows: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * pageRows,
    PageDown: columns * pageRows,
    Home: -count,
    End: count,
  }
  const step = steps[key]
  return step === undefined ? undefined : Math.min(Math.max(0, from + step), count - 1)
}

export interface Cursor {
  readonly index: number
  readonly set: (index: number) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export interface CursorActions {
  readonly layout: Layout
  readonly startAt: number | undefined
  readonly pageRows: number
  readonly onMove: (index: number) => void
  readonly onOpen: (index: number) => void
  readonly onToggle: (index: number) => void
  readonly onExtend: (from: number, to: number) => void
  readonly onEscape: () => void
}

/** Keys of a list box: arrows move, Enter opens, Space selects, Shift extends, Escape clears the selection. */
export function useCursor({ layout, startAt, pageRows, ...actions }: CursorActions): Cursor {
  const [index, setIndex] = useState(startAt ?? 0)
  return {
    index,
    set: setIndex,
    onKeyDown(event) {
      if (event.key === 'Enter') actions.onOpen(index)
      else if (event.key === ' ') actions.onToggle(index)
      else if (event.key === 'Escape') actions.onEscape()
      else {
        const next = moved(event.key, index, layout, pageRows)
        if (next === undefined) return
        if (event.shiftKey) actions.onExtend(index, next)
        setIndex(next)
        actions.onMove(next)
      }
      event.preventDefault()
    },
  }
}
