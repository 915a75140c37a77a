import type { ReactNode } from 'react'
import styles from './notice.module.css'

/** Shown where there is no content or something failed: says what happened and what to do. */
export function Notice({
  title,
  tone = 'plain',
  isPage = false,
  children,
}: {
  readonly title: string
  readonly tone?: 'plain' | 'bad'
  /** True if it is the page's only content: its title is the page's. */
  readonly isPage?: boolean
  readonly children?: ReactNode
}): ReactNode {
  const Title = isPage ? 'h1' : 'h2'
  return (
    <section className={styles['notice']} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Title className={styles['title']}>{title}</Title>
      {children}
    </section>
  )
}
