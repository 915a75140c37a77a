import type { ReactNode } from 'react'
import { STATUS_WORDS } from '../ui/words.ts'
import styles from './analyses.module.css'
import cards from './item.module.css'
import type { MediaDetail } from './media-detail.ts'

/** Shows the result of each analyser. */
export function Analyses({ item }: { readonly item: MediaDetail }): ReactNode {
  return (
    <section className={cards['card']}>
      <h2>Analysis</h2>
      {item.analyses.length === 0 && <p className={cards['muted']}>{STATUS_WORDS[item.aiAnalysisStatus]}</p>}
      {item.analyses
        .toSorted((one, other) => rank(one) - rank(other))
        .map((analysis) => (
          <details key={`${analysis.analyser}@${analysis.version}`} className={styles['analysis']} open>
            <summary>
              {analysis.analyser} <span data-status={analysis.status}>{STATUS_WORDS[analysis.status]}</span>
            </summary>
            {analysis.error && <p className={styles['error']}>{analysis.error}</p>}
            <Findings result={analysis.result} />
            <p className={cards['muted']}>{costOf(analysis)}</p>
          </details>
        ))}
    </section>
  )
}

/** Ranks text for people before measurements. */
function rank({ result }: MediaDetail['analyses'][number]): number {
  return typeof result === 'object' && result !== null && ('caption' in result || 'text' in result) ? 0 : 1
}

function Findings({ result }: { readonly result: unknown }): ReactNode {
  if (typeof result !== 'object' || result === null) return null
  const findings = Object.entries(result).filter(([name, value]) => name !== 'thumbhash' && isPlain(value))
  return (
    <dl className={styles['findings']}>
      {findings.map(([name, value]) => (
        <div key={name}>
          <dt>{wordsOf(name)}</dt>
          <dd>
            {typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value) && (
              <span className={styles['colour']} style={{ background: value }} />
            )}
            {Array.isArray(value) ? value.join(', ') : String(value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** True for values that can be shown as they are: no lists of positions, no nested objects. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => typeof one === 'string')
  return (
    typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value !== '')
  )
}

/** `perceptualHash` → `perceptual hash` */
function wordsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase()
}

function costOf({
  model,
  tokensUsed,
  costUsd,
  durationMs,
  attempts,
}: MediaDetail['analyses'][number]): string {
  return [
    model,
    durationMs !== null && (durationMs < 1000 ? `${durationMs} ms` : `${(durationMs / 1000).toFixed(1)} s`),
    tokensUsed !== null && `${tokensUsed.toLocaleString()} tokens`,
    costUsd !== null && `$${costUsd.toFixed(4)}`,
    attempts > 1 && `${attempts} attempts`,
  ]
    .filter(Boolean)
    .join(' · ')
}
