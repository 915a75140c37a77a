import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './toasts.module.css'

interface ToastAction {
  readonly label: string
  readonly act: () => void
}

interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'bad'
  readonly action?: ToastAction | undefined
}

interface Toasts {
  readonly say: (text: string) => void
  readonly complain: (text: string, action?: ToastAction) => void
  /** Does it after some seconds, unless it is taken back. */
  readonly later: (text: string, act: () => void) => void
}

const SHOWN_MS = 6_000

const ToastsContext = createContext<Toasts | undefined>(undefined)

/** Short messages at the foot of the window, read out by screen readers. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const lastId = useRef(0)
  const drop = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), [])
  const show = useCallback(
    (toast: Omit<Toast, 'id'>): number => {
      const id = ++lastId.current
      setToasts((shown) => [...shown.slice(-3), { ...toast, id }])
      // What went wrong stays twice as long.
      setTimeout(() => drop(id), toast.tone === 'bad' ? 2 * SHOWN_MS : SHOWN_MS)
      return id
    },
    [drop],
  )
  const api = useMemo<Toasts>(
    () => ({
      say: (text) => void show({ text, tone: 'plain' }),
      complain: (text, action) => void show({ text, tone: 'bad', action }),
      later: (text, act) => {
        const timer = setTimeout(act, SHOWN_MS)
        show({ text, tone: 'plain', action: { label: 'Undo', act: () => clearTimeout(timer) } })
      },
    }),
    [show],
  )
  return (
    <ToastsContext value={api}>
      {children}
      <div className={styles['toasts']} role="status">
        {toasts.map(({ id, text, tone, action }) => (
          <p key={id} className={styles['toast']} data-tone={tone}>
            {text}
            {action && (
              <Button
                onPress={() => {
                  action.act()
                  drop(id)
                }}
              >
                {action.label}
              </Button>
            )}
          </p>
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
