import { RunsInHandDocument } from '@mediakeep/client'
import { useCallback, useEffect, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { RunRow } from '../imports/run-row.tsx'
import overview from './overview.module.css'

/** Each row follows its own run; this finds those that begin. */
const LOOK_MS = 3_000

/** Imports that are under way; nothing where none is. */
export function ImportsInProgress(): ReactNode {
  const [{ data }, execute] = useQuery({
    query: RunsInHandDocument,
    variables: {},
    requestPolicy: 'cache-and-network',
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), LOOK_MS)
    return () => clearInterval(timer)
  }, [refresh])
  const runs = data ? [...data.running.nodes, ...data.queued.nodes] : []
  if (runs.length === 0) return null
  return (
    <section className={overview['section']} aria-labelledby="runs">
      <h2 id="runs">Imports in hand</h2>
      <ul className={overview['list']}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
    </section>
  )
}
