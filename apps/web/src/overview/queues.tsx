import type { OverviewQuery } from '@mediakeep/client'
import type { ReactNode } from 'react'
import styles from './overview.module.css'
import type { Step } from './pipeline.tsx'

type AnalysisQueue = OverviewQuery['mediaStats']['analysisQueues'][number]

interface Row {
  readonly name: string
  readonly waiting: number
  readonly inHand: number
  readonly oldestWaitingAt: string | null
}

const STAGES: Partial<Record<Step['name'], string>> = {
  fetched: 'Download',
  inspected: 'Inspection',
  archived: 'Archive',
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
      const name = STAGES[step.name]
      return name === undefined ? [] : [{ ...step, name }]
    }),
    ...analysisQueues.map((queue) => ({ ...queue, name: queue.analyser, inHand: queue.started })),
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
                In hand
              </th>
              <th scope="col">Oldest waits for</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, waiting, inHand, oldestWaitingAt }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={styles['number']}>{waiting.toLocaleString()}</td>
                <td className={styles['number']}>{inHand.toLocaleString()}</td>
                <td>{waiting > 0 && oldestWaitingAt ? ageWords(oldestWaitingAt) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** `3 hours`, down to whole seconds. */
function ageWords(at: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1_000))
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3]
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.floor(seconds / length),
  )
}
