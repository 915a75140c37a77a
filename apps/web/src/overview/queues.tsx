import type { OverviewQuery } from '@mediakeep/client'
import type { ReactNode } from 'react'
import styles from './overview.module.css'
import type { Step } from './pipeline.tsx'

type AnalysisQueue = OverviewQuery['mediaStats']['analysisQueues'][number]

interface Row {
  readonly name: string
  /** Unit that the queue counts. */
  readonly of: 'items' | 'files'
  readonly waiting: number
  readonly inHand: number
  readonly oldestWaitingAt: string | null
}

const STAGES: Partial<Record<Step['name'], Pick<Row, 'name' | 'of'>>> = {
  fetched: { name: 'Download', of: 'items' },
  inspected: { name: 'Inspection', of: 'files' },
  archived: { name: 'Archive', of: 'files' },
}

export function Queues({
  steps,
  analysisQueues,
}: {
  readonly steps: readonly Step[]
  readonly analysisQueues: readonly AnalysisQueue[]
}): ReactNode {
  const rows: Row[] = [
    ...steps.flatMap((step) => {
      const stage = STAGES[step.name]
      return stage === undefined ? [] : [{ ...step, ...stage }]
    }),
    ...analysisQueues.map((queue) => ({
      ...queue,
      name: queue.analyser,
      of: 'files' as const,
      inHand: queue.started,
    })),
  ]
  return (
    <section className={styles['section']} aria-labelledby="queues">
      <div className={styles['heading']}>
        <h2 id="queues">Queues</h2>
      </div>
      <div className={styles['scroll']}>
        <table className={styles['table']} aria-labelledby="queues">
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col" className={styles['number']}>
                Waiting
              </th>
              <th scope="col" className={styles['number']}>
                In progress
              </th>
              <th scope="col">Oldest waits for</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, of, waiting, inHand, oldestWaitingAt }) => (
              <tr key={name}>
                <th scope="row">
                  {name} <span className={styles['muted']}>{of}</span>
                </th>
                <td className={styles['number']}>{waiting.toLocaleString()}</td>
                <td className={styles['number']}>{inHand.toLocaleString()}</td>
                <td>{waiting > 0 && oldestWaitingAt ? ageWords(oldestWaitingAt) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles['muted']}>
        A file is worked on once, however many items show it: its queues count files, the gallery counts
        items.
      </p>
    </section>
  )
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** Returns an age in its largest whole unit: `3 hours`. */
function ageWords(at: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1_000))
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3]
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.floor(seconds / length),
  )
}
