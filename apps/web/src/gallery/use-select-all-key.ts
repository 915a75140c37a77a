import { useEffect } from 'react'

/** Ctrl+A or ⌘A selects the gallery's items instead of the page's text. In a text field it selects the text. */
export function useSelectAllKey(onSelectAll: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'a' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      if (event.target instanceof HTMLInputElement || document.querySelector('[role=dialog]')) return
      event.preventDefault()
      onSelectAll()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [onSelectAll])
}
