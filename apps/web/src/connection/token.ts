import { useSyncExternalStore } from 'react'

const KEY = 'mediakeep-token'
const listeners = new Set<() => void>()

/** The API token of this browser tab's user; forgotten with the tab. */
export function readToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined
}

export function writeToken(token: string | undefined): void {
  if (token === undefined) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, token)
  for (const listener of listeners) listener()
}

export function useToken(): string | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, readToken)
}
