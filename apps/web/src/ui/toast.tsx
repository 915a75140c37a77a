import { useEffect, useRef, type ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './toasts.module.css'

export interface ToastAction {
  readonly label: string
  readonly act: () => void
}

export interface ToastMessage {
  readonly text: string
  readonly tone: 'plain' | 'bad'
  readonly action?: ToastAction | undefined
  /** Runs when its time is over, unless the user undoes it. */
  readonly pending?: () => void
}

const SHOWN_MS = 6_000

/** A message that disappears by itself, but not while the pointer or the focus is on it. */
export function Toast({
  message: { text, tone, action, pending },
  isHeld,
  onEnd,
}: {
  readonly message: ToastMessage
  readonly isHeld: boolean
  readonly onEnd: () => void
}): ReactNode {
  const atEnd = useRef(onEnd)
  useEffect(() => {
    atEnd.current = () => {
      pending?.()
      onEnd()
    }
  })
  // Errors stay twice as long.
  const shownMs = tone === 'bad' ? 2 * SHOWN_MS : SHOWN_MS
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => atEnd.current(), shownMs)
    return () => clearTimeout(timer)
  }, [isHeld, shownMs])
  return (
    <p className={styles['toast']} data-tone={tone}>
      {text}
      {pending && (
        <Button aria-keyshortcuts="Control+Z" onPress={onEnd}>
          Undo
        </Button>
      )}
      {action && (
        <Button
          onPress={() => {
            action.act()
            onEnd()
          }}
        >
          {action.label}
        </Button>
      )}
    </p>
  )
}
