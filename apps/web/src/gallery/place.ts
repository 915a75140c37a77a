import { useHistoryState } from 'wouter/use-browser-location'

/** Where in a view an item stands. It goes with the address in the browser's history, so that one comes back to it. */
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

/** Notes in the history, without a change of the address, which item is looked at from here. */
export function notePlace(index: number): void {
  history.replaceState({ index } satisfies Place, '')
}

/** The address of an item, with the view that it was opened from: `/items/med-1?q=harbour`. */
export function itemAddress(id: string, search: string): string {
  return `/items/${id}${search && `?${search}`}`
}
