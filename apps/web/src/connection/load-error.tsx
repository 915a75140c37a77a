import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { useApi } from './api.tsx'
import { useReconnect } from './use-reconnect.ts'
import { errorMessage } from './error-message.ts'

/** Replaces what could not be loaded: says why, and what to do. Retries by itself once the server is back. */
export function LoadError({
  what,
  error,
  onRetry,
}: {
  /** `The gallery` */
  readonly what: string
  readonly error: Error
  readonly onRetry: () => void
}): ReactNode {
  const { askForToken } = useApi()
  const { words, wantsToken } = errorMessage(error)
  useReconnect(onRetry)
  return (
    <Notice title={`${what} could not be read`} tone="bad">
      <p>{words}</p>
      {wantsToken ? (
        <Button tone="primary" onPress={() => askForToken()}>
          Use another token
        </Button>
      ) : (
        <Button onPress={onRetry}>Try again</Button>
      )}
    </Notice>
  )
}
