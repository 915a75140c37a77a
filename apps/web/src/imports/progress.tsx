import type { RunCountsFragment } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { ProgressBar } from 'react-aria-components'
import styles from './imports.module.css'

export function Progress({ run }: { readonly run: RunCountsFragment }): ReactNode {
  const share = run.bytesTotal > 0 ? (run.bytesRead / run.bytesTotal) * 100 : 0
  return (
    <ProgressBar aria-label="Read of the files" value={share}>
      {({ percentage }) => (
        <div className={styles['bar']}>
          <span style={{ width: `${percentage ?? 0}%` }} />
        </div>
      )}
    </ProgressBar>
  )
}
