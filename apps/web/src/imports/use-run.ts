import {
  ImportProgressDocument,
  type ImportProgressSubscription,
  type RunCountsFragment,
} from '@mediakeep/client'
import { useEffect, useState } from 'react'
import { useApi } from '../connection/api.tsx'

type Progress = ImportProgressSubscription['importProgress']

/** A run as it stands, followed while it goes on. */
export function useRun(run: RunCountsFragment): RunCountsFragment {
  const { client } = useApi()
  const [progress, setProgress] = useState<Progress>()
  const isOver = isEnded(run.status)
  useEffect(() => {
    if (isOver) return
    const follower = client.follow(ImportProgressDocument, {
      variables: { runId: run.id },
      cursorOf: (data) => data.importProgress.cursor,
      onData: ({ importProgress }) => {
        setProgress(importProgress)
        // The server completes the stream here; nothing is to be followed any more.
        if (isEnded(importProgress.status)) follower.stop()
      },
    })
    return () => follower.stop()
  }, [client, run.id, isOver])
  return progress && !isOver ? { ...run, ...progress, __typename: run.__typename } : run
}

export function isEnded(status: string | null): boolean {
  return status === 'completed' || status === 'failed'
}
