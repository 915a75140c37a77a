import type { AnalysisStatus } from '@mediakeep/client'
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

/** The chain of custody: what happened to the file, and when. A step that did not happen says so. */
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
  return [
    {
      name: 'Found',
      state: 'done',
      at: item.createdAt,
      facts: [
        item.role && `as ${item.role}, at ${(item.jsonPointers ?? []).join(', ')}`,
        hostOf(item.mediaUrl),
        item.fetchUrl && `another rendition is used, because those before it failed: ${item.fetchUrl}`,
        ...sourceFileWords(item.sourceFile),
      ],
    },
    fetchStep(item),
    // None of the following steps happen to an item without a file.
    ...(item.sha256Sum === null ? [] : stepsOfFile(item)),
  ]
}

function fetchStep(item: MediaDetail): Step {
  const expiry = item.urlExpiresAt && expiryWords(item.urlExpiresAt)
  if (item.fate === 'waiting')
    return { name: 'Waiting to be fetched', state: 'open', at: item.fateAt, facts: [item.fateReason, expiry] }
  if (item.fate !== 'fetched')
    return {
      name: item.fate === 'rejected' ? 'Rejected' : `Not fetched: ${item.fate}`,
      state: 'failed',
      at: item.fateAt,
      facts: [item.fateReason, expiry],
    }
  return {
    name: 'Fetched',
    state: 'done',
    at: item.fetchedAt,
    facts: [
      [item.mimeType, sizeWords(item.fileSize)].filter(Boolean).join(', '),
      item.claimedMimeType !== item.mimeType && `the server called it ${item.claimedMimeType ?? 'nothing'}`,
      expiry,
    ],
  }
}

function stepsOfFile(item: MediaDetail): Step[] {
  const isRejected = item.fate === 'rejected'
  const none = isRejected ? 'failed' : 'open'
  return [
    item.inspectedAt === null
      ? { name: 'Not inspected', state: none, facts: ['SHA-256 and MD5 of every byte are known'] }
      : {
          name: 'Verified',
          state: 'done',
          at: item.inspectedAt,
          facts: [
            'SHA-256 and MD5 of every byte',
            !item.findings.includes('not_decoded') && ['decoded', pixelsOf(item)].filter(Boolean).join(', '),
            ...item.findings.map((finding) => FINDING_WORDS[finding] ?? finding),
          ],
        },
    item.localFilePath === null
      ? {
          name: isRejected ? 'Not in the cache: moved to quarantine' : 'Not in the cache',
          state: none,
          facts: [],
        }
      : { name: 'Cached', state: 'done', facts: [item.localFilePath] },
    item.archiveUrl === null
      ? { name: 'Not archived', state: none, facts: [] }
      : {
          name: 'Archived',
          state: 'done',
          at: item.archivedAt,
          facts: [
            item.archiveUrl,
            item.archiveVerifiedAt && `last verified ${dateWords(item.archiveVerifiedAt)}`,
          ],
        },
    ...(isRejected ? [] : [analysisStep(item)]),
  ]
}

const ANALYSIS_STEPS: Record<AnalysisStatus, Pick<Step, 'name' | 'state'>> = {
  not_started: { name: 'Not analysed yet', state: 'open' },
  started: { name: 'Being analysed', state: 'open' },
  completed: { name: 'Analysed', state: 'done' },
  failed: { name: 'Analysis failed', state: 'failed' },
}

function analysisStep(item: MediaDetail): Step {
  const step = ANALYSIS_STEPS[item.aiAnalysisStatus]
  return { ...step, at: step.state === 'done' ? item.aiAnalyzedAt : undefined, facts: [] }
}

const FINDING_WORDS: Readonly<Record<string, string>> = {
  missing_end_mark: 'the file has no end mark',
  trailing_data: 'there is other data behind its end',
  leading_data: 'there is other data before its beginning',
  wrong_size_field: 'a size in the file is wrong',
  encrypted: 'it is encrypted',
  not_decoded: 'its type is recognised, but nothing here can decode it',
}

function sourceFileWords(file: MediaDetail['sourceFile']): (string | null)[] {
  if (!file) return []
  const verb = file.readAt === null ? 'named by' : 'read from'
  return [
    `${verb} ${file.container}: ${file.member}`,
    `SHA-256 of ${file.container}: ${file.sha256}`,
    file.problem,
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
