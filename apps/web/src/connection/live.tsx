import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { useApi } from './api.tsx'
import { followChanges, type StatusChange } from './follow-changes.ts'

type Listener = (changes: readonly StatusChange[]) => void

/** What comes within this time is told together: a burst draws once. */
const GATHER_MS = 100

const Listeners = createContext<ReadonlySet<Listener> | undefined>(undefined)

/** One subscription for the whole console, followed from the moment that it opened. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { client, setConnection, reopen } = useApi()
  const [listeners] = useState(() => new Set<Listener>())
  useEffect(() => {
    const gathered: StatusChange[] = []
    const timer = setInterval(() => {
      if (gathered.length === 0) return
      const changes = gathered.splice(0)
      for (const listener of listeners) listener(changes)
    }, GATHER_MS)
    const ended = new AbortController()
    void followChanges(client, ended.signal, {
      onChange: (change) => gathered.push(change),
      onState: setConnection,
      onGap: reopen,
    })
    return () => {
      ended.abort()
      clearInterval(timer)
    }
  }, [client, listeners, setConnection, reopen])
  return <Listeners value={listeners}>{children}</Listeners>
}

/** Hears of every change of a status. The listener should be the same over renders (`useCallback`). */
export function useStatusChanges(listener: Listener): void {
  const listeners = useContext(Listeners) as Set<Listener> | undefined
  useEffect(() => {
    listeners?.add(listener)
    return () => {
      listeners?.delete(listener)
    }
  }, [listeners, listener])
}

/** Calls back when something of this kind has changed, no more often than every so many milliseconds. */
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
