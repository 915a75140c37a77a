import { useSyncExternalStore } from 'react'

const KEY = 'mediakeep-token'
const listeners = new Set<() => void>()

/** Returns the API token of this tab, or else the one stored in this browser. */
export function readToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? undefined
}

/**
 * @param isKept keeps it in this browser until somebody signs out; otherwise it is lost with the tab. Only scripts of
 *   this server can read it, and the content security policy runs no others.
 */
export function writeToken(token: string, isKept: boolean): void {
  forgetToken()
  const storage = isKept ? localStorage : sessionStorage
  storage.setItem(KEY, token)
  notify()
}

/** Signs out this tab, and all tabs that use the token stored in the browser. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEY)
  localStorage.removeItem(KEY)
  notify()
}

export function useToken(): string | undefined {
  return useSyncExternalStore(subscribe, readToken)
}

function subscribe(listener: () => void): () => void {
  // Other tabs sign in and out, too.
  addEventListener('storage', listener)
  listeners.add(listener)
  return () => {
    removeEventListener('storage', listener)
    listeners.delete(listener)
  }
}

function notify(): void {
  for (const listener of listeners) listener()
}
