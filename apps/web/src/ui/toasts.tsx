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
  readonly say: (text: string) => void
  readonly complain: (text: string, action?: ToastAction) => void
  /** Does it after some seconds, unless it is taken back: by its button, or Ctrl+Z. */
  readonly later: (text: string, act: () => void) => void
}

interface Shown extends ToastMessage {
  readonly id: number
}

/** No more at once, but for those that can still be taken back. */
const MOST = 3

const ToastsContext = createContext<Toasts | undefined>(undefined)

/** Short messages at the foot of the window, read out by screen readers. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly Shown[]>([])
  const [isHeld, setHeld] = useState(false)
  const lastId = useRef(0)
  const drop = useCallback((id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id))
    // The pointer may have been on what is gone.
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
      say: (text) => show({ text, tone: 'plain' }),
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

/** Ctrl+Z, ⌘Z: takes back what was asked for last. In a field it is the field's. */
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
