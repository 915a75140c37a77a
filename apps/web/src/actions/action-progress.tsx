import type { ReactNode } from 'react'
import { ProgressBar } from 'react-aria-components'
import { Button } from '../ui/button.tsx'
import styles from './action-progress.module.css'
import type { Progress } from './use-media-actions.ts'

export function ActionProgress({
  progress: { label, done, total },
  onStop,
}: {
  readonly progress: Progress
  readonly onStop: () => void
}): ReactNode {
  return (
    <div className={styles['progress']}>
      <ProgressBar aria-label={label} value={done} maxValue={total} className={styles['bar']!}>
        {({ percentage }) => <div className={styles['done']} style={{ width: `${percentage ?? 0}%` }} />}
      </ProgressBar>
      <span>
        {label} {done.toLocaleString()} of {total.toLocaleString()}
      </span>
      {total > 1 && (
        <Button tone="quiet" onPress={onStop}>
          Stop
        </Button>
      )}
    </div>
  )
}
