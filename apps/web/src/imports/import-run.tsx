import { ImportRunDetailDocument, type ImportRunDetailQuery, type RunCountsFragment } from '@mediakeep/client'
import { useCallback, useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import { useTitle } from '../ui/use-title.ts'
import { LoadError } from '../connection/load-error.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { usePolling } from '../ui/use-polling.ts'
import { dateWords } from '../ui/words.ts'
import styles from './imports.module.css'
import { Progress } from './progress.tsx'
import { isEnded, RUN_POLL_MS, titleOf } from './run-row.tsx'

type Detail = NonNullable<ImportRunDetailQuery['importRun']>
type Rejected = Detail['rejectedPosts']

/** Shows the report of one run: its counts, and each post that it rejected, with the reason. */
export function ImportRun({ id }: { readonly id: string }): ReactNode {
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, error, fetching }, execute] = useQuery({
    query: ImportRunDetailDocument,
    variables: { id, after },
    requestPolicy: 'cache-and-network',
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  const run = data?.importRun
  usePolling(refresh, RUN_POLL_MS, run ? !isEnded(run) : false)
  useTitle(run ? `${titleOf(run)} · Imports` : 'Imports')
  if (error && !run) return <LoadError what="This run" error={error} onRetry={refresh} />
  if (!run)
    return fetching ? null : (
      <Notice isPage title="There is no such run">
        <Link href="/imports">All imports</Link>
      </Notice>
    )
  return (
    <div className={styles['page']}>
      <p>
        <Link href="/imports">Imports</Link>
      </p>
      <Report run={run} />
      <Counted
        title="Recognised formats"
        head={['Format', 'Posts']}
        counts={run.formats}
        whenNone={isEnded(run) && run.kind === 'import' ? 'No format recognised a post.' : undefined}
      />
      <Counted
        title="Skipped items"
        about="Parts of the files that are no posts, such as likes or messages to others."
        head={['Reason', 'Items']}
        counts={run.skippedItems}
      />
      <RejectedPosts rejected={run.rejectedPosts} onPage={setAfter} />
    </div>
  )
}

function Report({ run }: { readonly run: RunCountsFragment }): ReactNode {
  const counts = [
    ['Posts read', run.postsProcessed],
    ['New', run.postsNew],
    ['Known', run.postsKnown],
    ['Rejected', run.postsRejected],
    ['Media found', run.mediaFound],
    ['New media', run.mediaNew],
    ['Refreshed URLs', run.mediaRefreshed],
  ] as const
  return (
    <section className={styles['report']}>
      <h1>{titleOf(run)}</h1>
      <p className={styles['muted']} role="status">
        {run.status}, started {dateWords(run.startedAt)}
        {run.completedAt && `, ended ${dateWords(run.completedAt)}`}
      </p>
      {run.errorMessage && <p className={styles['bad']}>{run.errorMessage}</p>}
      {!isEnded(run) && <Progress run={run} />}
      <dl className={styles['counts']}>
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** A table of names with counts; nothing without any, unless there are words for that. */
function Counted({
  title,
  about,
  head,
  counts,
  whenNone,
}: {
  readonly title: string
  readonly about?: string
  readonly head: readonly [string, string]
  readonly counts: Detail['formats']
  readonly whenNone?: string | undefined
}): ReactNode {
  if (counts.length === 0 && whenNone === undefined) return null
  return (
    <section>
      <h2>{title}</h2>
      {about && <p className={styles['muted']}>{about}</p>}
      {counts.length === 0 ? (
        <p className={styles['muted']}>{whenNone}</p>
      ) : (
        <table className={styles['table']} aria-label={title}>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.map(({ name, count }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{count.toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function RejectedPosts({
  rejected,
  onPage,
}: {
  readonly rejected: Rejected
  readonly onPage: (after: string | null) => void
}): ReactNode {
  if (rejected.nodes.length === 0) return null
  return (
    <section>
      <h2>Rejected posts</h2>
      <div className={styles['scroll']} role="region" aria-label="Rejected posts" tabIndex={0}>
        <table className={styles['table']} aria-label="Rejected posts">
          <thead>
            <tr>
              {['File', 'Post', 'Where', 'Reason'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rejected.nodes.map((post) => (
              <tr key={`${post.file}#${post.postIndex}`}>
                <td>{post.file}</td>
                <td>{post.postIndex + 1}</td>
                <td>
                  <code>{post.pointer || '/'}</code>
                </td>
                <td>
                  {post.reason}
                  {post.excerpt && (
                    <details>
                      <summary>Excerpt</summary>
                      <code>{post.excerpt}</code>
                    </details>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rejected.pageInfo.hasNextPage && (
        <p className={styles['paging']}>
          <Button onPress={() => onPage(rejected.pageInfo.endCursor)}>More</Button>
        </p>
      )}
    </section>
  )
}
