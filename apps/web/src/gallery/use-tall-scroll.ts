import { useCallback, useEffect, useRef, useState } from 'react'
import { elementHeight, scrolled, scrolledTo, type TallScroll } from './tall-scroll.ts'

/** After this long without a step, the scrollbar is aligned with the content. */
const SETTLED_MS = 150

export interface TallScroller {
  /** Offset in the content that is at the top. */
  readonly top: number
  /** Scroll position of the element; equals `top` unless the content is too tall for it. */
  readonly scrollTop: number
  readonly viewport: number
  readonly elementHeight: number
  readonly scrollTo: (top: number) => void
}

/** Scrolls content of any height in an element of a height that browsers support. */
export function useTallScroll(element: HTMLElement | null, height: number, viewport: number): TallScroller {
  const [position, setPosition] = useState<TallScroll>({ scrollTop: 0, top: 0 })
  const latest = useRef(position)
  const move = useCallback(
    (next: TallScroll, apply: boolean) => {
      latest.current = next
      setPosition(next)
      if (apply) element?.scrollTo({ top: next.scrollTop })
    },
    [element],
  )

  useEffect(() => {
    if (!element) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const onScroll = (): void => {
      // A smaller difference comes from a position that we set ourselves.
      if (Math.abs(element.scrollTop - latest.current.scrollTop) >= 1)
        move(scrolled(latest.current, element.scrollTop, { height, viewport }), false)
      clearTimeout(timer)
      timer = setTimeout(() => move(scrolledTo(latest.current.top, { height, viewport }), true), SETTLED_MS)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      clearTimeout(timer)
      element.removeEventListener('scroll', onScroll)
    }
  }, [element, height, viewport, move])

  const scrollTo = useCallback(
    (top: number) => move(scrolledTo(top, { height, viewport }), true),
    [height, viewport, move],
  )
  return { ...position, viewport, elementHeight: elementHeight({ height, viewport }), scrollTo }
}
