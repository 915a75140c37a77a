import { useEffect } from 'react'

/** Calls back at a fixed interval while the tab is visible. */
export function usePolling(refresh: () => void, everyMs: number, isOn = true): void {
  useEffect(() => {
    if (!isOn) return
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), everyMs)
    return () => clearInterval(timer)
  }, [refresh, everyMs, isOn])
}
