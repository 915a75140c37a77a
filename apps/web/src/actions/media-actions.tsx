import { createContext, lazy, Suspense, useContext, useRef, useState, type ReactNode } from 'react'
import { useApi } from '../connection/api.tsx'
import { errorMessage } from '../connection/error-message.ts'
import { useToasts } from '../ui/toasts.tsx'
import { countWords } from '../ui/words.ts'
import type { MediaAction } from './actions.ts'
import type { Outcome } from './outcome.ts'
import { runBatches } from './run-batches.ts'

interface Progress {
  readonly label: string
  readonly done: number
  readonly total: number
}

export interface MediaActions {
  /** Progress of the action that is running now. */
  readonly progress: Progress | undefined
  readonly start: (action: MediaAction, mediaIds: readonly string[]) => void
  /** Like `start`, but after a few seconds during which the user can undo it. */
  readonly startLater: (words: string, action: MediaAction, mediaIds: readonly string[]) => void
  readonly stop: () => void
}

const ReportDialog = lazy(async () => ({ default: (await import('./report-dialog.tsx')).ReportDialog }))

const ActionsContext = createContext<MediaActions | undefined>(undefined)

/**
 * Runs actions on media one after another, whichever view is open meanwhile; reports the results and the items that
 * failed.
 */
export function MediaActionsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { client, askForToken } = useApi()
  const toasts = useToasts()
  const [progress, setProgress] = useState<Progress>()
  const [report, setReport] = useState<Outcome>()
  const running = useRef<AbortController>(undefined)
  const last = useRef(Promise.resolve())

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
      const { words, wantsToken } = errorMessage(error)
      toasts.complain(
        words,
        wantsToken ? { label: 'Use another token', act: () => askForToken() } : undefined,
      )
    } finally {
      running.current = undefined
      setProgress(undefined)
    }
  }
  const start = (action: MediaAction, mediaIds: readonly string[]): void => {
    if (mediaIds.length > 0) last.current = last.current.then(() => run(action, mediaIds))
  }
  const actions: MediaActions = {
    progress,
    start,
    startLater: (words, action, mediaIds) => toasts.later(words, () => start(action, mediaIds)),
    stop: () => running.current?.abort(),
  }
  return (
    <ActionsContext value={actions}>
      {children}
      <Suspense>{report && <ReportDialog outcome={report} onClose={() => setReport(undefined)} />}</Suspense>
    </ActionsContext>
  )
}

export function useMediaActions(): MediaActions {
  const actions = useContext(ActionsContext)
  if (!actions) throw new Error('useMediaActions needs a MediaActionsProvider above it')
  return actions
}

/** `40 queued for the archive, 2 archived already` */
function inWords({ done, failures }: Outcome): string {
  const parts = [...done].map(([words, count]) => `${count.toLocaleString()} ${words}`)
  return [...parts, ...(failures.length > 0 ? [countWords(failures.length, 'failure')] : [])].join(', ')
}
