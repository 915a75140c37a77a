import { useRef, type MouseEvent, type PointerEvent } from 'react'

const LONG_MS = 450
/** A finger that moves farther than this scrolls. */
const STILL_PX = 10

export interface LongPress {
  readonly onPointerDown: (event: PointerEvent, index: number) => void
  readonly onPointerMove: (event: PointerEvent) => void
  readonly onPointerUp: () => void
  readonly onContextMenu: (event: MouseEvent) => void
  /** True if the click that follows belongs to a long press; resets when called. */
  readonly swallowsClick: () => boolean
}

/** A long press on a tile selects it, for devices without a keyboard or a pointer that hovers. */
export function useLongPress(onLongPress: (index: number) => void): LongPress {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(undefined)
  const hasPressed = useRef(false)
  const end = (): void => {
    clearTimeout(press.current?.timer)
    press.current = undefined
  }
  return {
    onPointerDown(event, index) {
      hasPressed.current = false
      if (event.pointerType === 'mouse') return
      end()
      const timer = setTimeout(() => {
        hasPressed.current = true
        if ('vibrate' in navigator) navigator.vibrate(10)
        onLongPress(index)
      }, LONG_MS)
      press.current = { timer, x: event.clientX, y: event.clientY }
    },
    onPointerMove({ clientX, clientY }) {
      if (press.current && Math.hypot(clientX - press.current.x, clientY - press.current.y) > STILL_PX) end()
    },
    onPointerUp: end,
    onContextMenu(event) {
      // Suppress the browser's own response to a long press.
      if (press.current || hasPressed.current) event.preventDefault()
    },
    swallowsClick() {
      const swallows = hasPressed.current
      hasPressed.current = false
      return swallows
    },
  }
}
