import type { RunCountsFragment } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { countWords, dateWords } from '../ui/words.ts'
import styles from './imports.module.css'
import { Progress } from './progress.tsx'

export function RunRow({ run }: { readonly run: RunCountsFragment }): ReactNode {
  return (
    <li className={styles['run']}>
      <div className={styles['line']}>
        <Link href={`/imports/${run.id}`}>{titleOf(run)}</Link>
        <span className={styles['muted']}>
          {run.status} · {dateWords(run.startedAt)}
        </span>
      </div>
      {!isEnded(run) && <Progress run={run} />}
      <p className={styles['muted']}>
        {countWords(run.postsNew, 'new post')}, {run.postsKnown.toLocaleString()} known,{' '}
        <span className={run.postsRejected > 0 ? styles['bad'] : undefined}>
          {run.postsRejected.toLocaleString()} rejected
        </span>{' '}
        · {countWords(run.mediaNew, 'new media item')}
      </p>
    </li>
  )
}

/** The names of its files; of a backfill, which has none, what it is. */
export function titleOf({ files, kind, id }: RunCountsFragment): string {
  return files.join(', ') || (kind === 'backfill' ? 'Backfill of stored posts' : id)
}

/** How often a run that goes on is read. A stream for each run would use up the connections of the browser. */
export const RUN_POLL_MS = 1_000

export function isEnded({ status }: RunCountsFragment): boolean {
  return status === 'completed' || status === 'failed'
}
