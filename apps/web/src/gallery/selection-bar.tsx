import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { ActionButtons } from '../actions/action-buttons.tsx'
import { ActionProgress } from '../actions/action-progress.tsx'
import { useMediaActions } from '../actions/use-media-actions.ts'
import { Button } from '../ui/button.tsx'
import styles from './selection-bar.module.css'
import type { Selection } from './use-selection.ts'

/** Over the foot of the grid while something is selected: how much, and what can be done with it. */
export function SelectionBar({ selection }: { readonly selection: Selection }): ReactNode {
  const actions = useMediaActions()
  if (selection.ids.size === 0 && !actions.progress && !actions.report) return null
  return (
    <section className={styles['bar']} aria-label="Selection">
      <Button tone="quiet" aria-label="Clear the selection" onPress={selection.clear}>
        <X size={18} aria-hidden />
      </Button>
      <p className={styles['count']} role="status">
        <strong>{selection.ids.size.toLocaleString()}</strong> selected
      </p>
      {actions.progress ? (
        <ActionProgress progress={actions.progress} onStop={actions.stop} />
      ) : (
        <ActionButtons mediaIds={[...selection.ids]} actions={actions} />
      )}
    </section>
  )
}
