import type { MediakeepClient } from '@mediakeep/client'
import type { MediaAction } from './actions.ts'
import { merged, type Outcome } from './outcome.ts'

interface Options {
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Does it batch by batch until all are done or the signal aborts.
 *
 * @throws CombinedError when the server could not be asked, or does not let this viewer
 */
export async function runBatches(
  client: MediakeepClient,
  action: MediaAction,
  mediaIds: readonly string[],
  { onProgress, signal }: Options,
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (let from = 0; from < mediaIds.length && !signal.aborted; from += action.batch) {
    outcomes.push(await runBatch(client, action, mediaIds.slice(from, from + action.batch)))
    onProgress(Math.min(from + action.batch, mediaIds.length))
  }
  return merged(outcomes)
}

async function runBatch(
  client: MediakeepClient,
  action: MediaAction,
  mediaIds: readonly string[],
): Promise<Outcome> {
  const result = await action.run(client, [...mediaIds])
  if ('done' in result) return result
  const failures = (ids: readonly string[], reason: string): Outcome => ({
    done: new Map(),
    failures: ids.map((mediaId) => ({ mediaId, reason })),
  })
  const absent = new Set(result.mediaIds)
  const present = mediaIds.filter((id) => !absent.has(id))
  if (present.length === mediaIds.length) return failures(mediaIds, result.message)
  // The server does nothing where one is absent: the others are asked for alone.
  const gone = failures([...absent], 'It is not there any more.')
  return present.length === 0 ? gone : merged([gone, await runBatch(client, action, present)])
}
