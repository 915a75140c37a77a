import type { ReactNode } from 'react'
import styles from './notice.module.css'

/** What stands where there is nothing to show, or where something failed: what it is, and what to do. */
export function Notice({
  title,
  tone = 'plain',
  children,
}: {
  readonly title: string
  readonly tone?: 'plain' | 'bad'
  readonly children?: ReactNode
}): ReactNode {
  return (
    <section className={styles['notice']} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}
