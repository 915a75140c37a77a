import type { FailureCountFragment } from '@mediakeep/client'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import { useAllows } from '../connection/viewer.ts'
import { Button } from '../ui/button.tsx'
import { countWords } from '../ui/words.ts'
import { adviceOn, isRetryable, whatFailed } from './failure-words.ts'
import styles from './failures.module.css'
import { galleryLink } from './gallery-link.ts'
import overview from './overview.module.css'
import { RetryDialog } from './retry-dialog.tsx'

export function Failures({
  reasons,
  onRetried,
}: {
  readonly reasons: readonly FailureCountFragment[]
  readonly onRetried: () => void
}): ReactNode {
  const [chosen, setChosen] = useState<FailureCountFragment>()
  return (
    <section className={overview['section']} aria-labelledby="failures">
      <div className={overview['heading']}>
        <h2 id="failures" tabIndex={-1}>
          Failures by reason
        </h2>
      </div>
      {reasons.length === 0 ? (
        <p className={styles['none']}>Nothing has failed.</p>
      ) : (
        <ul className={overview['list']}>
          {reasons.map((failure) => (
            <Row key={keyOf(failure)} failure={failure} onChoose={setChosen} />
          ))}
        </ul>
      )}
      {chosen && (
        <RetryDialog
          key={keyOf(chosen)}
          failure={chosen}
          onClose={() => {
            setChosen(undefined)
            onRetried()
          }}
        />
      )}
    </section>
  )
}

function Row({
  failure,
  onChoose,
}: {
  readonly failure: FailureCountFragment
  readonly onChoose: (failure: FailureCountFragment) => void
}): ReactNode {
  const mayOperate = useAllows('operate')
  const { stage, fate, analyser, reason, example, count, retrying } = failure
  return (
    <li className={styles['failure']}>
      <div className={styles['words']}>
        <p className={styles['stage']}>
          {whatFailed(failure)}
          {reason && example !== reason && `: ${reason}`}
        </p>
        <p className={styles['reason']}>
          {count > 1 && example !== reason && 'For example: '}
          {example === null ? 'No reason is known.' : withoutCode(example, reason)}
        </p>
        <p className={overview['muted']}>
          <Link href={galleryLink({ stage, reason, analyser: analyser ?? '', fate: fate ?? '' })}>
            {countWords(count, 'item')}
            <span className="visually-hidden">: show them in the gallery</span>
          </Link>
          {retrying > 0 && ` · ${retrying.toLocaleString()} tried again by themselves`}
          {adviceOn(failure) && ` · ${adviceOn(failure)}`}
        </p>
      </div>
      {mayOperate && isRetryable(failure) && (
        <Button
          onPress={() => onChoose(failure)}
          aria-label={`Try again: ${countWords(count, 'item')}, ${reason || whatFailed(failure)}`}
        >
          Try again
        </Button>
      )}
    </li>
  )
}

function keyOf({ stage, fate, analyser, reason }: FailureCountFragment): string {
  return [stage, fate, analyser, reason].join('\n')
}

/** Drops the code, which the line above shows: `http_503: it is busy` → `it is busy`. */
function withoutCode(example: string, reason: string): string {
  return reason !== '' && example.startsWith(`${reason}: `) ? example.slice(reason.length + 2) : example
}
