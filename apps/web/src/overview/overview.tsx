import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useTitle } from '../ui/use-title.ts'
import { LoadError } from '../connection/load-error.tsx'
import { useReconnect } from '../connection/use-reconnect.ts'
import { errorMessage } from '../connection/error-message.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { AtRisk } from './at-risk.tsx'
import { Failures } from './failures.tsx'
import styles from './overview.module.css'
import { Pipeline } from './pipeline.tsx'
import { Queues } from './queues.tsx'
import { ImportsInProgress } from './imports-in-progress.tsx'
import { SchemaState } from './schema-state.tsx'
import { Storage } from './storage.tsx'
import { ThroughputSection } from './throughput.tsx'
import { useOverview } from './use-overview.ts'

export function Overview(): ReactNode {
  const { data, error, refresh } = useOverview()
  useTitle('Overview')
  if (!data)
    return (
      <div className={styles['page']}>
        <h1>Overview</h1>
        {error ? (
          <LoadError what="The overview" error={error} onRetry={refresh} />
        ) : (
          <p role="status">Counting …</p>
        )}
      </div>
    )
  const { mediaStats: stats, expiringMedia, failureReasons } = data
  return (
    <div className={styles['page']}>
      <h1>Overview</h1>
      {error && <Old error={error} onRetry={refresh} />}
      {stats.mediaCount === 0 && (
        <Notice title="There are no media yet">
          <p>Import posts. This page then shows how far their media are.</p>
          <Link href="/imports">Import posts</Link>
        </Notice>
      )}
      <ImportsInProgress />
      <AtRisk expiring={expiringMedia} />
      <Pipeline steps={stats.steps} />
      <ThroughputSection />
      <Storage stats={stats} />
      <div className={styles['columns']}>
        <Failures reasons={failureReasons} onRetried={refresh} />
        <Queues steps={stats.steps} analysisQueues={stats.analysisQueues} />
      </div>
      <SchemaState />
    </div>
  )
}

/** Says that the counts below could not be refreshed. */
function Old({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }): ReactNode {
  useReconnect(onRetry)
  return (
    <div className={styles['alarm']} data-tone="bad" role="alert">
      <div>
        <h2>These counts are out of date</h2>
        <p>{errorMessage(error).words}</p>
      </div>
      <Button onPress={onRetry}>Try again</Button>
    </div>
  )
}
