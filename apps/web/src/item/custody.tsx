import type { ReactNode } from 'react'
import { dateWords, sizeWords } from '../ui/words.ts'
import styles from './custody.module.css'
import cards from './item.module.css'
import type { MediaDetail } from './item.tsx'

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
      facts: [item.role && `as ${item.role}, at ${item.jsonPointers.join(', ')}`, hostOf(item.mediaUrl)],
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
        !isFetched && item.urlExpiresAt && `its address expires ${dateWords(item.urlExpiresAt)}`,
      ],
    },
    {
      name: 'Verified',
      state: item.sha256Sum ? 'done' : later,
      facts: [item.sha256Sum ? 'SHA-256 and MD5 of every byte' : 'no checksum yet'],
    },
    { name: 'Cached', state: item.localFilePath ? 'done' : later, facts: [item.localFilePath] },
    { name: 'Archived', state: item.archiveUrl ? 'done' : later, facts: [item.archiveUrl ?? 'not archived'] },
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

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.host
}
