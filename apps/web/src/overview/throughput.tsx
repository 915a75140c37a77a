import { ThroughputDocument } from '@mediakeep/client'
import { lazy, Suspense, useCallback, useState, type ReactNode } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useQuery } from 'urql'
import { useRefreshOn } from '../connection/live.tsx'
import { errorMessage } from '../connection/error-message.ts'
import { usePolling } from '../ui/use-polling.ts'
import overview from './overview.module.css'
import styles from './throughput.module.css'
import { SERIES, timeWords, type Point, type Unit } from './throughput-words.ts'

const Chart = lazy(async () => ({ default: (await import('./throughput-chart.tsx')).ThroughputChart }))

/** Minimum interval between refreshes; the last hour keeps growing. */
const EVERY_MS = 6_000

const SPANS = { HOUR: 'Last 24 hours', DAY: 'Last 30 days' } as const satisfies Record<Unit, string>

/** Shows work done over time: a small chart of each kind, and the same in a table. */
export function ThroughputSection(): ReactNode {
  const [unit, setUnit] = useState<Unit>('HOUR')
  const { points, error } = useThroughput(unit)
  return (
    <section className={overview['section']} aria-labelledby="throughput">
      <div className={overview['heading']}>
        <h2 id="throughput">Throughput</h2>
        <ToggleButtonGroup
          className={styles['units']!}
          aria-label="Time span"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[unit]}
          onSelectionChange={([chosen]) => setUnit(chosen as Unit)}
        >
          {(Object.keys(SPANS) as Unit[]).map((each) => (
            <ToggleButton key={each} id={each} className={styles['unit']!}>
              {SPANS[each]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      {error && <p role="alert">It could not be read: {errorMessage(error).words}</p>}
      <div className={styles['charts']}>
        {SERIES.map(({ key, title, colour }) => (
          <figure key={key} className={styles['figure']}>
            <figcaption>
              <span>{title}</span>
              <strong>{points ? total(points, key).toLocaleString() : '…'}</strong>
            </figcaption>
            <div className={styles['chart']} aria-hidden>
              <Suspense>
                {points && <Chart points={points} series={key} colour={colour} unit={unit} />}
              </Suspense>
            </div>
          </figure>
        ))}
      </div>
      {points && <Numbers points={points} unit={unit} />}
    </section>
  )
}

function Numbers({ points, unit }: { readonly points: readonly Point[]; readonly unit: Unit }): ReactNode {
  return (
    <details className={styles['numbers']}>
      <summary>The numbers as a table</summary>
      <div className={overview['scroll']}>
        <table className={overview['table']} aria-label={`Throughput, ${SPANS[unit].toLowerCase()}`}>
          <thead>
            <tr>
              <th scope="col">{unit === 'HOUR' ? 'Hour' : 'Day (UTC)'}</th>
              {SERIES.map(({ key, title }) => (
                <th key={key} scope="col" className={overview['number']}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map((point) => (
              <tr key={point.start}>
                <th scope="row">{timeWords(point.start, unit, 'long')}</th>
                {SERIES.map(({ key }) => (
                  <td key={key} className={overview['number']}>
                    {point[key].toLocaleString()}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

interface Read {
  readonly points: readonly Point[] | undefined
  readonly error: Error | undefined
}

function useThroughput(unit: Unit): Read {
  const [{ data, error }, execute] = useQuery({
    query: ThroughputDocument,
    variables: { unit },
    requestPolicy: 'cache-and-network',
  })
  const refresh = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  usePolling(refresh, 10 * EVERY_MS)
  useRefreshOn('fate', refresh, EVERY_MS)
  useRefreshOn('archive', refresh, EVERY_MS)
  useRefreshOn('analysis', refresh, EVERY_MS)
  return { points: data?.throughput, error }
}

function total(points: readonly Point[], key: (typeof SERIES)[number]['key']): number {
  return points.reduce((sum, point) => sum + point[key], 0)
}
