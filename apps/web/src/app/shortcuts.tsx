import { CircleQuestionMark } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import styles from './shortcuts.module.css'

type Shortcut = readonly [keys: string, does: string]

const SHORTCUTS: readonly (readonly [place: string, shortcuts: readonly Shortcut[]])[] = [
  [
    'Everywhere',
    [
      ['?', 'Show these shortcuts'],
      ['Ctrl+Z', 'Undo an action while its message is shown'],
    ],
  ],
  [
    'Gallery',
    [
      ['← → ↑ ↓', 'Move'],
      ['Page Up, Page Down', 'Move by a screen'],
      ['Home, End', 'Go to the first or last item'],
      ['Enter', 'Open the item'],
      ['Space', 'Select the item'],
      ['Shift+← → ↑ ↓', 'Extend the selection'],
      ['Ctrl+A', 'Select all'],
      ['Escape', 'Clear the selection'],
    ],
  ],
  [
    'Item',
    [
      ['← →', 'Go to the previous or next item'],
      ['Escape', 'Go back to the gallery'],
    ],
  ],
]

/** A button, and the key `?`, that show the keyboard shortcuts. */
export function Shortcuts(): ReactNode {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return
      const { target } = event
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null
      if (isTyping || document.querySelector('[role=dialog]')) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <>
      <span className={styles['button']}>
        <Button tone="quiet" aria-label="Keyboard shortcuts" onPress={() => setOpen(true)}>
          <CircleQuestionMark size={18} aria-hidden />
        </Button>
      </span>
      {isOpen && (
        <Dialog title="Keyboard shortcuts" onClose={() => setOpen(false)}>
          {SHORTCUTS.map(([place, shortcuts]) => (
            <section key={place} className={styles['place']}>
              <h3>{place}</h3>
              <dl className={styles['list']}>
                {shortcuts.map(([keys, does]) => (
                  <div key={keys}>
                    <dt>
                      <kbd>{keys}</kbd>
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
          <Button onPress={() => setOpen(false)}>Close</Button>
        </Dialog>
      )}
    </>
  )
}
