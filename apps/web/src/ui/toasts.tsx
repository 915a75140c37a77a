import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react'
import { Toast, type ToastAction, type ToastMessage } from './toast.tsx'
import styles from './toasts.module.css'

interface Toasts {
  readonly say: (text: string, action?: ToastAction) => void
  readonly complain: (text: string, action?: ToastAction) => void
  /** Acts after a few seconds, unless the user undoes it with the button or Ctrl+Z. */
  readonly later: (text: string, act: () => void) => void
}

interface Shown extends ToastMessage {
  readonly id: number
}

/** Maximum number shown at once, not counting those that can still be undone. */
const MOST = 3

const ToastsContext = createContext<Toasts | undefined>(undefined)

/** Shows short messages at the bottom of the window; screen readers read them out. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly Shown[]>([])
  const [isHeld, setHeld] = useState(false)
  const lastId = useRef(0)
  const drop = useCallback((id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id))
    // The pointer may have been on the removed toast.
    setHeld(false)
  }, [])
  const api = useMemo<Toasts>(() => {
    const show = (toast: ToastMessage): void => {
      const id = ++lastId.current
      setToasts((shown) => [
        ...shown.filter(({ pending }, n) => pending || n > shown.length - MOST),
        { ...toast, id },
      ])
    }
    return {
      say: (text, action) => show({ text, tone: 'plain', action }),
      complain: (text, action) => show({ text, tone: 'bad', action }),
      later: (text, act) => show({ text, tone: 'plain', pending: act }),
    }
  }, [])
  useUndoKey(toasts, drop)
  return (
    <ToastsContext value={api}>
      {children}
      <div
        className={styles['toasts']}
        role="status"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
        {toasts.map((toast) => (
          <Toast key={toast.id} message={toast} isHeld={isHeld} onEnd={() => drop(toast.id)} />
        ))}
      </div>
    </ToastsContext>
  )
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext)
  if (!toasts) throw new Error('useToasts needs a ToastProvider above it')
  return toasts
}

/** Undoes the latest pending action on Ctrl+Z or ⌘Z. In a text field, the key belongs to the field. */
function useUndoKey(toasts: readonly Shown[], drop: (id: number) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return
      if (event.target instanceof HTMLInputElement) return
      const last = toasts.findLast(({ pending }) => pending)
      if (!last) return
      event.preventDefault()
      drop(last.id)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [toasts, drop])
}
