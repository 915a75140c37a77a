import type { FailureCountFragment } from '@mediakeep/client'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { ProgressBar } from 'react-aria-components'
import { useApi } from '../connection/api.tsx'
import { errorMessage } from '../connection/error-message.ts'
import { Bar } from '../ui/bar.tsx'
import { Button } from '../ui/button.tsx'
import { Choices, Dialog } from '../ui/dialog.tsx'
import { countWords } from '../ui/words.ts'
import { whatFailed } from './failure-words.ts'
import styles from './failures.module.css'
import { retryFailures, type Retried } from './retry-failures.ts'

type State =
  | { readonly at: 'asking' }
  | { readonly at: 'working'; readonly retried: Retried }
  | { readonly at: 'done'; readonly retried: Retried }
  | { readonly at: 'failed'; readonly message: string }

/** Asks for confirmation, shows the progress, and reports the result. */
export function RetryDialog({
  failure,
  onClose,
}: {
  readonly failure: FailureCountFragment
  readonly onClose: () => void
}): ReactNode {
  const { client } = useApi()
  const [state, setState] = useState<State>({ at: 'asking' })
  const stopped = useRef<AbortController>(undefined)
  useEffect(() => () => stopped.current?.abort(), [])
  const start = async (): Promise<void> => {
    const { signal } = (stopped.current = new AbortController())
    const show = (retried: Retried): void => setState({ at: 'working', retried })
    show({ asked: 0, queued: 0 })
    try {
      setState({ at: 'done', retried: await retryFailures(client, failure, signal, show) })
    } catch (error) {
      setState({ at: 'failed', message: errorMessage(error).words })
    }
  }
  const items = countWords(failure.count, 'item')
  return (
    <Dialog title={`Try ${items} again`} onClose={onClose}>
      <p>
        {whatFailed(failure)}
        {failure.reason && `: ${failure.reason}`}
      </p>
      <Standing state={state} count={failure.count} />
      <Choices>
        {state.at === 'working' ? (
          <Button onPress={() => stopped.current?.abort()}>Stop</Button>
        ) : (
          <Button onPress={onClose}>{state.at === 'asking' ? 'Cancel' : 'Close'}</Button>
        )}
        {(state.at === 'asking' || state.at === 'failed') && (
          <Button tone="primary" onPress={() => void start()}>
            Try {items} again
          </Button>
        )}
      </Choices>
    </Dialog>
  )
}

function Standing({ state, count }: { readonly state: State; readonly count: number }): ReactNode {
  if (state.at === 'asking') return null
  if (state.at === 'failed')
    return (
      <p className={styles['bad']} role="alert">
        {state.message}
      </p>
    )
  const { asked, queued } = state.retried
  if (state.at === 'done')
    return (
      <p role="status">
        {queued === 1 ? 'One waits' : `${queued.toLocaleString()} wait`} again.
        {asked > queued && ` ${(asked - queued).toLocaleString()} stay as they are.`}
      </p>
    )
  return (
    <ProgressBar
      className={styles['progress']!}
      aria-label="Queued again"
      value={asked}
      maxValue={Math.max(count, asked, 1)}
    >
      <Bar share={asked / Math.max(count, asked, 1)} />
      <p>
        {asked.toLocaleString()} of {countWords(count, 'item')}
      </p>
    </ProgressBar>
  )
}
