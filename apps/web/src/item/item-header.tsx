import { ArrowLeft, ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { ActionButtons } from '../actions/action-buttons.tsx'
import { ActionProgress } from '../actions/action-progress.tsx'
import { possibleActions } from '../actions/possible-actions.ts'
import { itemAddress } from '../gallery/place.ts'
import { Button } from '../ui/button.tsx'
import type { MediaDetail } from './media-detail.ts'
import styles from './item.module.css'
import { useNeighbours, type Neighbour, type Neighbours } from './use-neighbours.ts'

/** Links back to the gallery and to the item's neighbours there, and offers the item's actions. */
export function ItemHeader({
  item,
  title,
  search,
}: {
  readonly item: MediaDetail
  readonly title: string
  /** Query of the view that it was opened from. */
  readonly search: string
}): ReactNode {
  const [, navigate] = useLocation()
  const neighbours = useNeighbours(item.id, search)
  const gallery = `/${search && `?${search}`}`
  const place = neighbours && { index: neighbours.index }
  const back = (): void => navigate(gallery, { state: place })
  const step = (to: Neighbour | undefined): void => {
    // Replace the history entry: the browser's back button leaves the row.
    if (to) navigate(itemAddress(to.id, search), { replace: true, state: { index: to.index } })
  }
  useKeys({
    ArrowLeft: () => step(neighbours?.previous),
    ArrowRight: () => step(neighbours?.next),
    Escape: back,
  })
  return (
    <header className={styles['header']}>
      <Link href={gallery} state={place} className={styles['back']}>
        <ArrowLeft size={18} aria-hidden /> Gallery
      </Link>
      <h1>{title}</h1>
      {neighbours && <Row neighbours={neighbours} onStep={step} />}
      <div className={styles['actions']}>
        <ActionProgress />
        <ActionButtons mediaIds={[item.id]} possible={possibleActions(item)} />
      </div>
    </header>
  )
}

function Row({
  neighbours: { previous, next, index, count },
  onStep,
}: {
  readonly neighbours: Neighbours
  readonly onStep: (to: Neighbour | undefined) => void
}): ReactNode {
  const sides = [
    { label: 'Previous', key: 'ArrowLeft', to: previous, icon: <ChevronLeft size={20} aria-hidden /> },
    { label: 'Next', key: 'ArrowRight', to: next, icon: <ChevronRight size={20} aria-hidden /> },
  ]
  const [before, after] = sides.map(({ label, key, to, icon }) => (
    <Button
      key={key}
      tone="quiet"
      aria-label={label}
      aria-keyshortcuts={key}
      isDisabled={!to}
      onPress={() => onStep(to)}
    >
      {icon}
    </Button>
  ))
  return (
    <nav className={styles['row']} aria-label="Beside it in the gallery">
      {before}
      <span>
        {(index + 1).toLocaleString()} of {count.toLocaleString()}
      </span>
      {after}
    </nav>
  )
}

/** Handles keys unless something else takes them: a dialog, a player, an enlarged picture that scrolls. */
function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const act = keys[event.key]
      const isTaken =
        event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey
      if (!act || isTaken || document.querySelector('[role=dialog]')) return
      if (event.target instanceof Element && event.target.closest('input, video, [data-takes-keys=true]'))
        return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  })
}
