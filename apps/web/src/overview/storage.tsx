import type { OverviewQuery } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { Meter } from 'react-aria-components'
import { Bar } from '../ui/bar.tsx'
import { countWords, dateWords, sizeWords } from '../ui/words.ts'
import overview from './overview.module.css'
import { percent } from './pipeline.tsx'
import styles from './storage.module.css'

type Stats = OverviewQuery['mediaStats']

export function Storage({ stats }: { readonly stats: Stats }): ReactNode {
  const { contentCount, contentBytes, deduplicatedMediaCount, deduplicatedBytes } = stats
  const whole = contentBytes + deduplicatedBytes
  return (
    <section className={overview['section']} aria-labelledby="storage">
      <h2 id="storage">Storage</h2>
      <div className={styles['cards']}>
        <Figure title="Stored" value={sizeWords(contentBytes) ?? '–'}>
          in {countWords(contentCount, 'distinct file')}
        </Figure>
        <Figure title="Saved by deduplication" value={sizeWords(deduplicatedBytes) ?? '–'}>
          {countWords(deduplicatedMediaCount, 'item')} showed a file that was there already
          {whole > 0 && `: ${percent(deduplicatedBytes / whole)} of what would have been stored`}
        </Figure>
        <Coverage stats={stats} />
        {stats.caches.map((cache) => (
          <CacheCard key={cache.id} cache={cache} />
        ))}
      </div>
    </section>
  )
}

/** Shows what one machine's cache held when that machine last counted it. */
function CacheCard({ cache }: { readonly cache: Stats['caches'][number] }): ReactNode {
  const { host, fileCount, bytes, countedAt, lastSeenAt, isAbsent } = cache
  const seen = isAbsent ? `, last seen ${dateWords(lastSeenAt)}` : ''
  return (
    <Figure title={`Cache on ${host ?? 'an unnamed machine'}`} value={sizeWords(bytes) ?? '–'}>
      {fileCount === null
        ? `not counted yet${seen}`
        : `${countWords(fileCount, 'file')}, counted ${dateWords(countedAt)}${seen}`}
    </Figure>
  )
}

function Figure({
  title,
  value,
  children,
}: {
  readonly title: string
  readonly value: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className={styles['card']}>
      <h3>{title}</h3>
      <p className={styles['value']}>{value}</p>
      <p className={overview['muted']}>{children}</p>
    </div>
  )
}

function Coverage({ stats }: { readonly stats: Stats }): ReactNode {
  const { contentCount, archivedContentCount, archivedContentBytes } = stats
  const share = contentCount === 0 ? 0 : archivedContentCount / contentCount
  return (
    <div className={styles['card']}>
      <h3 id="coverage">Archive coverage</h3>
      <p className={styles['value']}>{contentCount === 0 ? '–' : percent(share)}</p>
      <Meter aria-labelledby="coverage" value={share * 100} valueLabel={percent(share)}>
        <Bar share={share} tone="good" />
      </Meter>
      <p className={overview['muted']}>
        {archivedContentCount.toLocaleString()} of {countWords(contentCount, 'file')},{' '}
        {sizeWords(archivedContentBytes)}
      </p>
    </div>
  )
}
