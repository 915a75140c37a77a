import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { useApi } from './api.tsx'
import type { StatusChange } from './follow-changes.ts'
import { SharedChanges } from './shared-changes.ts'
import { readToken } from './token.ts'

type Listener = (changes: readonly StatusChange[]) => void

/** Changes that arrive within this time are delivered together, so that a burst redraws once. */
const GATHER_MS = 100

const Listeners = createContext<ReadonlySet<Listener> | undefined>(undefined)

/**
 * Notifies every view of status changes, from the moment that the console was opened. The views are drawn once the end
 * of the event log is known: a change between their first query and that moment would be missed.
 */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { client, setConnection, reopen } = useApi()
  const [listeners] = useState(() => new Set<Listener>())
  const [started, setStarted] = useState<typeof client>()
  useEffect(() => {
    const gathered: StatusChange[] = []
    const timer = setInterval(() => {
      if (gathered.length === 0) return
      const changes = gathered.splice(0)
      for (const listener of listeners) listener(changes)
    }, GATHER_MS)
    const changes = new SharedChanges(client, `mediakeep-live-${viewerKey(readToken())}`, {
      onChange: (change) => gathered.push(change),
      onState: setConnection,
      onGap: reopen,
    })
    let isCurrent = true
    void changes.started.then(() => isCurrent && setStarted(client))
    return () => {
      isCurrent = false
      changes.end()
      clearInterval(timer)
    }
  }, [client, listeners, setConnection, reopen])
  return <Listeners value={listeners}>{started === client && children}</Listeners>
}

/** Tabs with different tokens share nothing. Hashed (FNV-1a), because a lock's name is no place for a secret. */
function viewerKey(token = ''): string {
  let hash = 0x811c9dc5
  for (const char of token) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193)
  return (hash >>> 0).toString(36)
}

/** Calls the listener with every status change. The listener should be stable across renders (`useCallback`). */
export function useStatusChanges(listener: Listener): void {
  const listeners = useContext(Listeners) as Set<Listener> | undefined
  useEffect(() => {
    listeners?.add(listener)
    return () => {
      listeners?.delete(listener)
    }
  }, [listeners, listener])
}

/** Calls back when something of this kind has changed, at most once every `everyMs` milliseconds (default 2,000). */
export function useRefreshOn(what: StatusChange['what'], refresh: () => void, everyMs = 2_000): void {
  const listeners = useContext(Listeners) as Set<Listener> | undefined
  useEffect(() => {
    let due = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const listener: Listener = (changes) => {
      if (timer !== undefined || !changes.some((change) => change.what === what)) return
      const run = (): void => {
        timer = undefined
        due = Date.now() + everyMs
        refresh()
      }
      timer = setTimeout(run, Math.max(0, due - Date.now()))
    }
    listeners?.add(listener)
    return () => {
      clearTimeout(timer)
      listeners?.delete(listener)
    }
  }, [listeners, what, refresh, everyMs])
}
