import { useEffect } from 'react'

/** Sets the window's title to the view's: for tabs, bookmarks, and screen readers after a change of the view. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Mediakeep`
  }, [title])
}
