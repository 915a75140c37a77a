import { useEffect, useRef, type RefObject } from 'react'
import { useLocation } from 'wouter'

/**
 * Moves the focus into a new view, because the focused element is gone, or is the link that led there. A new view
 * starts at its top; one that the browser's back button leads to stays where it was left.
 */
export function useRouteFocus(main: RefObject<HTMLElement | null>): void {
  const [path] = useLocation()
  const shown = useRef(path)
  const isReturn = useRef(false)
  useEffect(() => {
    const onReturn = (): void => {
      isReturn.current = true
    }
    addEventListener('popstate', onReturn)
    return () => removeEventListener('popstate', onReturn)
  }, [])
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    if (!isReturn.current) {
      scrollTo({ top: 0 })
      main.current?.scrollTo({ top: 0 })
    }
    isReturn.current = false
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true })
  }, [path, main])
}
