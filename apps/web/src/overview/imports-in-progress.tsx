import { RunsInHandDocument } from '@mediakeep/client'
import { useCallback, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { RUN_POLL_MS, RunRow } from '../imports/run-row.tsx'
import { usePolling } from '../ui/use-polling.ts'
import overview from './overview.module.css'

/** Polling interval for new runs, in milliseconds. */
const LOOK_MS = 3_000

/** Shows the imports that are running or queued; nothing if there are none. */
export function ImportsInProgress(): ReactNode {
  const [{ data }, execute] = useQuery({
    query: RunsInHandDocument,
    variables: {},
    requestPolicy: 'cache-and-network',
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  const runs = data ? [...data.running.nodes, ...data.queued.nodes] : []
  usePolling(refresh, runs.length > 0 ? RUN_POLL_MS : LOOK_MS)
  if (runs.length === 0) return null
  return (
    <section className={overview['section']} aria-labelledby="runs">
      <h2 id="runs">Imports in progress</h2>
      <ul className={overview['list']}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
    </section>
  )
}
