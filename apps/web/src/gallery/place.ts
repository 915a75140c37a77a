import { useHistoryState } from 'wouter/use-browser-location'

/** An item's place in a view. Kept with the address in the browser's history, so that the user can return to it. */
interface Place {
  /** Position in the whole view, from 0. */
  readonly index: number
}

export function usePlace(): number | undefined {
  const state = useHistoryState<unknown>()
  return typeof state === 'object' && state !== null && 'index' in state && typeof state.index === 'number'
    ? state.index
    : undefined
}

/** Records in the history, without changing the address, which item was opened from here. */
export function notePlace(index: number): void {
  history.replaceState({ index } satisfies Place, '')
}

/** Returns an item's address, including the view that it was opened from: `/items/med-1?q=harbour`. */
export function itemAddress(id: string, search: string): string {
  return `/items/${id}${search && `?${search}`}`
}
