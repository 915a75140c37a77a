import type { ReactNode } from 'react'
import styles from './bar.module.css'

/** A share of a whole, from 0 to 1, drawn; whoever shows it says it too. */
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
