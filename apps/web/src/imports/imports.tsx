import { ImportRunsDocument } from '@mediakeep/client'
import { useCallback, useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { useTitle } from '../ui/use-title.ts'
import { LoadError } from '../connection/load-error.tsx'
import { Button } from '../ui/button.tsx'
import { usePolling } from '../ui/use-polling.ts'
import { ImportSources } from './import-sources.tsx'
import styles from './imports.module.css'
import { isEnded, RUN_POLL_MS, RunRow } from './run-row.tsx'

export function Imports(): ReactNode {
  const [after, setAfter] = useState<string | null>(null)
  useTitle('Imports')
  const [{ data, error, fetching }, execute] = useQuery({
    query: ImportRunsDocument,
    variables: { after },
    requestPolicy: 'cache-and-network',
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  const runs = data?.importRuns
  usePolling(refresh, RUN_POLL_MS, runs?.nodes.some((run) => !isEnded(run)) ?? false)
  return (
    <div className={styles['page']}>
      <h1>Imports</h1>
      <ImportSources onStarted={refresh} />
      {error && <LoadError what="The list of imports" error={error} onRetry={refresh} />}
      {runs?.nodes.length === 0 && !fetching && (
        <p className={styles['muted']}>Nothing has been imported yet.</p>
      )}
      {runs && runs.nodes.length > 0 && (
        <section>
          <h2>Runs</h2>
          <ul className={styles['runs']}>
            {runs.nodes.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
          {(after !== null || runs.pageInfo.hasNextPage) && (
            <p className={styles['paging']}>
              <Button isDisabled={after === null} onPress={() => setAfter(null)}>
                Latest
              </Button>
              <Button
                isDisabled={!runs.pageInfo.hasNextPage}
                onPress={() => setAfter(runs.pageInfo.endCursor)}
              >
                Earlier
              </Button>
            </p>
          )}
        </section>
      )}
    </div>
  )
}
