import type { ReactNode } from 'react'
import styles from './bar.module.css'

/** Draws a share of a whole, from 0 to 1; the caller must also show it as text. */
export function Bar({
  share,
  tone = 'accent',
}: {
  readonly share: number
  readonly tone?: 'accent' | 'good'
}): ReactNode {
  return (
    <div className={styles['bar']} data-tone={tone} aria-hidden>
      <span style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
    </div>
  )
}
