import { useEffect } from 'react'

/** Names the window for what it shows: for tabs, bookmarks, and screen readers after a change of the view. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Mediakeep`
  }, [title])
}
