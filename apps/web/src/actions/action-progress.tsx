import type { ReactNode } from 'react'
import { ProgressBar } from 'react-aria-components'
import { Bar } from '../ui/bar.tsx'
import { Button } from '../ui/button.tsx'
import styles from './action-progress.module.css'
import { useMediaActions } from './media-actions.tsx'

/** Shows the progress of the running action; nothing when none is running. */
export function ActionProgress(): ReactNode {
  const { progress, stop } = useMediaActions()
  if (!progress) return null
  const { label, done, total } = progress
  return (
    <div className={styles['progress']}>
      <ProgressBar aria-label={label} value={done} maxValue={total} className={styles['bar']!}>
        <Bar share={done / total} />
      </ProgressBar>
      <span>
        {label} {done.toLocaleString()} of {total.toLocaleString()}
      </span>
      {total > 1 && (
        <Button tone="quiet" onPress={stop}>
          Stop
        </Button>
      )}
    </div>
  )
}
