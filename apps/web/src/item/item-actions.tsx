import type { ReactNode } from 'react'
import { ActionButtons } from '../actions/action-buttons.tsx'
import { ActionProgress } from '../actions/action-progress.tsx'
import { useMediaActions } from '../actions/use-media-actions.ts'
import type { MediaDetail } from './item.tsx'

export function ItemActions({ item }: { readonly item: MediaDetail }): ReactNode {
  const actions = useMediaActions()
  return actions.progress ? (
    <ActionProgress progress={actions.progress} onStop={actions.stop} />
  ) : (
    <ActionButtons mediaIds={[item.id]} actions={actions} />
  )
}
