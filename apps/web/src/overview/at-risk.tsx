import type { OverviewQuery } from '@mediakeep/client'
import { Hourglass } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { countWords, dateWords } from '../ui/words.ts'
import { galleryLink } from './gallery-link.ts'
import styles from './overview.module.css'

/** Warns of media that may be lost within a day; shows nothing if there are none. */
export function AtRisk({ expiring }: { readonly expiring: OverviewQuery['expiringMedia'] }): ReactNode {
  const { count, firstAt } = expiring
  if (count === 0) return null
  return (
    <section className={styles['alarm']} aria-labelledby="at-risk">
      <Hourglass size={24} aria-hidden />
      <div>
        <h2 id="at-risk">{countWords(count, 'item')} may be lost within 24 hours</h2>
        <p className={styles['muted']}>
          They are not fetched yet, and their URLs expire{firstAt && `, the first ${dateWords(firstAt)}`}.
          Those that expire first are fetched first: make sure that a worker is running. Importing the posts
          again gives them fresh URLs.
        </p>
      </div>
      <Link href={galleryLink({ expires: '24' })}>Show them</Link>
    </section>
  )
}
