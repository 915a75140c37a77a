import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './toasts.module.css'

interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'bad'
  readonly undo?: (() => void) | undefined
}

interface Toasts {
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
  /** Does it after some seconds, unless it is taken back. */
  readonly later: (text: string, act: () => void) => void
}

const SHOWN_MS = 6_000

const ToastsContext = createContext<Toasts | undefined>(undefined)

/** Short messages at the foot of the window, read out by screen readers. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const drop = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), [])
  const show = useCallback(
    (toast: Omit<Toast, 'id'>): number => {
      const id = performance.now()
      setToasts((shown) => [...shown.slice(-3), { ...toast, id }])
      setTimeout(() => drop(id), SHOWN_MS)
      return id
    },
    [drop],
  )
  const api = useMemo<Toasts>(
    () => ({
      say: (text) => void show({ text, tone: 'plain' }),
      complain: (text) => void show({ text, tone: 'bad' }),
      later: (text, act) => {
        const timer = setTimeout(act, SHOWN_MS)
        const undo = (): void => {
          clearTimeout(timer)
          drop(id)
        }
        const id = show({ text, tone: 'plain', undo })
      },
    }),
    [show, drop],
  )
  return (
    <ToastsContext value={api}>
      {children}
      <div className={styles['toasts']} role="status">
        {toasts.map(({ id, text, tone, undo }) => (
          <p key={id} className={styles['toast']} data-tone={tone}>
            {text} {undo && <Button onPress={undo}>Undo</Button>}
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
