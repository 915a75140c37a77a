import type { RunCountsFragment } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { countWords, dateWords } from '../ui/words.ts'
import styles from './imports.module.css'
import { Progress } from './progress.tsx'
import { isEnded, useRun } from './use-run.ts'

export function RunRow({ run: listed }: { readonly run: RunCountsFragment }): ReactNode {
  const run = useRun(listed)
  return (
    <li className={styles['run']}>
      <div className={styles['line']}>
        <Link href={`/imports/${run.id}`}>{titleOf(run)}</Link>
        <span className={styles['muted']}>
          {run.status} · {dateWords(run.startedAt)}
        </span>
      </div>
      {!isEnded(run.status) && <Progress run={run} />}
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
