import { ImportRunsDocument } from '@mediakeep/client'
import { useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { DropFiles } from './drop-files.tsx'
import styles from './imports.module.css'
import { RunRow } from './run-row.tsx'

export function Imports(): ReactNode {
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, error, fetching }, refresh] = useQuery({
    query: ImportRunsDocument,
    variables: { after },
    requestPolicy: 'cache-and-network',
  })
  const runs = data?.importRuns
  return (
    <div className={styles['page']}>
      <h1>Imports</h1>
      <DropFiles onStarted={() => refresh({ requestPolicy: 'network-only' })} />
      {error && (
        <Notice title="The imports could not be read" tone="bad">
          <p>{error.message}</p>
        </Notice>
      )}
      {runs?.nodes.length === 0 && !fetching && <p>Nothing has been imported yet.</p>}
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
