import type { OverviewQuery } from '@mediakeep/client'
import { Archive, HardDrive, Download, ScanEye, Search, Sparkles } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { FilterFields } from '../gallery/filters.ts'
import { galleryLink } from './gallery-link.ts'
import overview from './overview.module.css'
import styles from './pipeline.module.css'

export type Step = OverviewQuery['mediaStats']['steps'][number]

interface Face {
  readonly title: string
  readonly icon: typeof Archive
  /** What the gallery shows of those that are through, and of those that wait. */
  readonly done: Partial<FilterFields>
  readonly waiting?: Partial<FilterFields>
}

const FACES: Record<Step['name'], Face> = {
  found: { title: 'Found', icon: Search, done: {} },
  fetched: { title: 'Fetched', icon: Download, done: { fate: 'fetched' }, waiting: { fate: 'waiting' } },
  inspected: { title: 'Inspected', icon: ScanEye, done: { inspected: 'yes' }, waiting: { inspected: 'no' } },
  cached: { title: 'In the cache', icon: HardDrive, done: { cached: 'yes' } },
  archived: {
    title: 'Archived',
    icon: Archive,
    done: { archived: 'yes' },
    waiting: { fate: 'fetched', archived: 'no' },
  },
  analysed: {
    title: 'Analysed',
    icon: Sparkles,
    done: { fate: 'fetched', status: 'completed' },
    waiting: { fate: 'fetched', status: 'not_started' },
  },
}

/** The way of media, from left to right, or from the top down where there is little room. */
export function Pipeline({ steps }: { readonly steps: readonly Step[] }): ReactNode {
  const found = steps[0]?.done ?? 0
  return (
    <section className={overview['section']} aria-labelledby="pipeline">
      <h2 id="pipeline">From found to analysed</h2>
      <ol className={styles['steps']}>
        {steps.map((step) => (
          <StepCard key={step.name} step={step} found={found} />
        ))}
      </ol>
    </section>
  )
}

function StepCard({ step, found }: { readonly step: Step; readonly found: number }): ReactNode {
  const { title, icon: Icon, done, waiting } = FACES[step.name]
  const share = found === 0 ? 0 : step.done / found
  return (
    <li className={styles['step']} data-step={step.name}>
      <h3 className={styles['title']}>
        <Icon size={18} aria-hidden />
        {title}
        {step.inHand > 0 && <span className={styles['busy']} aria-hidden />}
      </h3>
      <Link className={styles['count']} href={galleryLink(done)}>
        {step.done.toLocaleString()}
        <span className="visually-hidden"> {title}: show them in the gallery</span>
      </Link>
      <div className={styles['share']} aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <p className={styles['muted']}>{step.name === 'found' ? 'media items' : `${percent(share)} of all`}</p>
      <ul className={styles['rest']}>
        {step.waiting > step.retrying && (
          <li>
            <Link href={galleryLink(waiting ?? done)}>
              {(step.waiting - step.retrying).toLocaleString()} waiting
            </Link>
          </li>
        )}
        {step.retrying > 0 && (
          <li>
            <a href="#failures">{step.retrying.toLocaleString()} to be retried</a>
          </li>
        )}
        {step.inHand > 0 && <li data-tone="good">{step.inHand.toLocaleString()} in hand</li>}
        {step.failed > 0 && (
          <li data-tone="bad">
            <a href="#failures">
              {step.failed.toLocaleString()} {step.name === 'inspected' ? 'rejected' : 'failed'}
            </a>
          </li>
        )}
      </ul>
    </li>
  )
}

/** Never 100 % while something is missing. */
export function percent(share: number): string {
  const rounded = share < 1 ? Math.min(share, 0.999) : 1
  return rounded.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: share > 0.99 ? 1 : 0 })
}
