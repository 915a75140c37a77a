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

/** Returns the names of a run's files; for a backfill, which has none, a description. */
export function titleOf({ files, kind, id }: RunCountsFragment): string {
  return files.join(', ') || (kind === 'backfill' ? 'Backfill of stored posts' : id)
}

/** Polling interval of an unfinished run, in milliseconds. A stream per run would use up the browser's connections. */
export const RUN_POLL_MS = 1_000

export function isEnded({ status }: RunCountsFragment): boolean {
  return status === 'completed' || status === 'failed'
}
