import { useRef, useState } from 'react'
import { useApi } from '../app/api.tsx'
import { useToasts } from '../ui/toasts.tsx'
import { countWords } from '../ui/words.ts'
import type { MediaAction } from './actions.ts'
import type { Outcome } from './outcome.ts'
import { runBatches } from './run-batches.ts'
import { whyNot } from './why-not.ts'

export interface Progress {
  readonly label: string
  readonly done: number
  readonly total: number
}

export interface MediaActions {
  /** Of what is going on now. */
  readonly progress: Progress | undefined
  /** What the last one did not reach. */
  readonly report: Outcome | undefined
  readonly start: (action: MediaAction, mediaIds: readonly string[]) => void
  /** The same after some seconds in which it can be taken back. */
  readonly startLater: (words: string, action: MediaAction, mediaIds: readonly string[]) => void
  readonly stop: () => void
  readonly closeReport: () => void
}

/** Runs actions over media one after another, says what came of them, and keeps what failed to be looked at. */
export function useMediaActions(): MediaActions {
  const { client, askForToken } = useApi()
  const toasts = useToasts()
  const [progress, setProgress] = useState<Progress>()
  const [report, setReport] = useState<Outcome>()
  const running = useRef<AbortController>(undefined)

  const run = async (action: MediaAction, mediaIds: readonly string[]): Promise<void> => {
    const stop = (running.current = new AbortController())
    const total = mediaIds.length
    const onProgress = (done: number): void => setProgress({ label: action.present, done, total })
    onProgress(0)
    try {
      const outcome = await runBatches(client, action, mediaIds, { onProgress, signal: stop.signal })
      if (outcome.done.size > 0) toasts.say(inWords(outcome))
      if (outcome.failures.length > 0) setReport(outcome)
    } catch (error) {
      const { words, wantsToken } = whyNot(error)
      toasts.complain(words, wantsToken ? { label: 'Use another token', act: askForToken } : undefined)
    } finally {
      running.current = undefined
      setProgress(undefined)
    }
  }
  const start = (action: MediaAction, mediaIds: readonly string[]): void => {
    if (running.current === undefined && mediaIds.length > 0) void run(action, mediaIds)
  }
  return {
    progress,
    report,
    start,
    startLater: (words, action, mediaIds) => toasts.later(words, () => start(action, mediaIds)),
    stop: () => running.current?.abort(),
    closeReport: () => setReport(undefined),
  }
}

/** `40 queued for the archive, 2 archived already` */
function inWords({ done, failures }: Outcome): string {
  const parts = [...done].map(([words, count]) => `${count.toLocaleString()} ${words}`)
  return [...parts, ...(failures.length > 0 ? [countWords(failures.length, 'failure')] : [])].join(', ')
}
