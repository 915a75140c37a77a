import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { ActionButtons } from '../actions/action-buttons.tsx'
import { ActionProgress } from '../actions/action-progress.tsx'
import { Button } from '../ui/button.tsx'
import styles from './selection-bar.module.css'
import type { Selection } from './use-selection.ts'

/** Shown over the bottom of the grid while items are selected: how many, and the actions on them. */
export function SelectionBar({
  selection,
  onClear,
}: {
  readonly selection: Selection
  readonly onClear: () => void
}): ReactNode {
  const count = selection.ids.size
  return (
    <section
      className={styles['bar']}
      aria-label="Selection"
      onKeyDown={({ key }) => key === 'Escape' && onClear()}
    >
      <ActionProgress />
      {count > 0 && (
        <>
          <Button tone="quiet" aria-label="Clear the selection" onPress={onClear}>
            <X size={18} aria-hidden />
          </Button>
          <p className={styles['count']} role="status">
            <strong>{count.toLocaleString()}</strong> selected
          </p>
          <ActionButtons mediaIds={[...selection.ids]} />
        </>
      )}
    </section>
  )
}
