import type { ReactNode } from 'react'
import { dateWords, sizeWords } from '../ui/words.ts'
import styles from './custody.module.css'
import cards from './item.module.css'
import type { MediaDetail } from './media-detail.ts'

interface Step {
  readonly name: string
  readonly state: 'done' | 'open' | 'failed'
  readonly at?: string | null | undefined
  readonly facts: readonly (string | null | undefined | false)[]
}

/** The chain of custody: what was done with the file, when, and what it proved. */
export function Custody({ item }: { readonly item: MediaDetail }): ReactNode {
  return (
    <section className={cards['card']}>
      <h2>Chain of custody</h2>
      <ol className={styles['steps']}>
        {stepsOf(item).map(({ name, state, at, facts }) => (
          <li key={name} data-state={state}>
            <p>
              <strong>{name}</strong> {at && <time dateTime={at}>{dateWords(at)}</time>}
            </p>
            {facts.map((fact) => fact && <p key={fact}>{fact}</p>)}
          </li>
        ))}
      </ol>
    </section>
  )
}

function stepsOf(item: MediaDetail): Step[] {
  const isFetched = item.fate === 'fetched'
  const later = isFetched ? 'open' : 'failed'
  return [
    {
      name: 'Found',
      state: 'done',
      at: item.createdAt,
      facts: [
        item.role && `as ${item.role}, at ${(item.jsonPointers ?? []).join(', ')}`,
        hostOf(item.mediaUrl),
      ],
    },
    {
      name: isFetched
        ? 'Fetched'
        : item.fate === 'waiting'
          ? 'Waiting to be fetched'
          : `Not fetched: ${item.fate}`,
      state: isFetched ? 'done' : item.fate === 'waiting' ? 'open' : 'failed',
      at: isFetched ? item.fetchedAt : item.fateAt,
      facts: [
        item.fateReason,
        isFetched && [item.mimeType, sizeWords(item.fileSize)].filter(Boolean).join(', '),
        isFetched &&
          item.claimedMimeType !== item.mimeType &&
          `the server called it ${item.claimedMimeType ?? 'nothing'}`,
        item.urlExpiresAt && expiryWords(item.urlExpiresAt),
      ],
    },
    {
      name: 'Verified',
      state: item.sha256Sum ? 'done' : later,
      at: item.inspectedAt,
      facts: [
        item.sha256Sum ? 'SHA-256 and MD5 of every byte' : 'no checksum yet',
        item.inspectedAt && ['decoded', pixelsOf(item)].filter(Boolean).join(', '),
      ],
    },
    { name: 'Cached', state: item.localFilePath ? 'done' : later, facts: [item.localFilePath] },
    {
      name: 'Archived',
      state: item.archiveUrl ? 'done' : later,
      at: item.archivedAt,
      facts: [
        item.archiveUrl ?? 'not archived',
        item.archiveVerifiedAt && `last found whole ${dateWords(item.archiveVerifiedAt)}`,
      ],
    },
    {
      name: 'Analysed',
      state:
        item.aiAnalysisStatus === 'completed'
          ? 'done'
          : item.aiAnalysisStatus === 'failed'
            ? 'failed'
            : later,
      at: item.aiAnalyzedAt,
      facts: [item.aiAnalysisStatus === 'started' && 'in hand now'],
    },
  ]
}

function expiryWords(at: string): string {
  return `its address ${Date.parse(at) > Date.now() ? 'expires' : 'expired'} ${dateWords(at)}`
}

function pixelsOf({ width, height }: MediaDetail): string | false {
  return width !== null && height !== null && `${width} × ${height} pixels`
}

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.host
}
