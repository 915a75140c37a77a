import type { OverviewQuery } from '@mediakeep/client'
import { Archive, Download, ScanEye, Search, Sparkles } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { FilterFields } from '../gallery/filters.ts'
import { Bar } from '../ui/bar.tsx'
import { countWords } from '../ui/words.ts'
import { galleryLink } from './gallery-link.ts'
import overview from './overview.module.css'
import styles from './pipeline.module.css'

export type Step = OverviewQuery['mediaStats']['steps'][number]

interface Face {
  readonly title: string
  readonly icon: typeof Archive
  /** Gallery filter for items that have completed the step. */
  readonly done: Partial<FilterFields>
  /** Label and gallery filter for items still to do: `12 not archived yet`. */
  readonly toGo?: readonly [words: string, Partial<FilterFields>]
  readonly failed?: readonly [words: string, Partial<FilterFields> | undefined]
  /** Its queue counts files; several media items may show one file. */
  readonly ofFiles?: true
}

const FACES: Record<Step['name'], Face> = {
  found: { title: 'Found', icon: Search, done: {} },
  fetched: {
    title: 'Fetched',
    icon: Download,
    done: { fate: 'fetched' },
    toGo: ['waiting', { fate: 'waiting' }],
  },
  inspected: {
    title: 'Inspected',
    icon: ScanEye,
    done: { inspected: 'yes' },
    toGo: ['not inspected yet', { inspected: 'no' }],
    failed: ['rejected', { fate: 'rejected' }],
    ofFiles: true,
  },
  archived: {
    title: 'Archived',
    icon: Archive,
    done: { archived: 'yes' },
    toGo: ['not archived yet', { fate: 'fetched', archived: 'no' }],
    failed: ['failed', undefined],
    ofFiles: true,
  },
  analysed: {
    title: 'Analysed',
    icon: Sparkles,
    done: { fate: 'fetched', status: 'completed' },
    toGo: ['not analysed yet', { fate: 'fetched', status: 'not_started' }],
    failed: ['failed', { fate: 'fetched', status: 'failed' }],
  },
}

/** Shows the steps of the pipeline from left to right, or from top to bottom on narrow screens. */
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
  const { title, icon: Icon, done } = FACES[step.name]
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
      <Bar share={share} />
      <p className={styles['muted']}>{step.name === 'found' ? 'media items' : `${percent(share)} of all`}</p>
      <Rest step={step} />
    </li>
  )
}

/** Shows the items that have not completed the step. */
function Rest({ step }: { readonly step: Step }): ReactNode {
  const { toGo, failed: [failed, failedFields] = ['failed', undefined], ofFiles } = FACES[step.name]
  const counted = (count: number): string => (ofFiles ? countWords(count, 'file') : count.toLocaleString())
  return (
    <ul className={styles['rest']}>
      {toGo && step.toGo > 0 && (
        <li>
          <Link href={galleryLink(toGo[1])}>
            {step.toGo.toLocaleString()} {toGo[0]}
          </Link>
        </li>
      )}
      {step.inHand > 0 && <li data-tone="good">{counted(step.inHand)} in progress</li>}
      {step.retrying > 0 && (
        <li>
          <a href="#failures">{step.retrying.toLocaleString()} to be retried</a>
        </li>
      )}
      {step.failed > 0 && (
        <li data-tone="bad">
          {failedFields ? (
            <Link href={galleryLink(failedFields)}>
              {step.failed.toLocaleString()} {failed}
            </Link>
          ) : (
            <a href="#failures">
              {counted(step.failed)} {failed}
            </a>
          )}
        </li>
      )}
    </ul>
  )
}

/** Formats a share; never 100 % while something is missing. */
export function percent(share: number): string {
  const rounded = share < 1 ? Math.min(share, 0.999) : 1
  return rounded.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: share > 0.99 ? 1 : 0 })
}
