import type { MediakeepClient } from '@mediakeep/client'
import type { MediaAction } from './actions.ts'
import { merged, type Outcome } from './outcome.ts'

interface Options {
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Runs an action batch by batch until all items are done or the signal aborts.
 *
 * @throws CombinedError if the server cannot be reached, or does not allow it to this viewer
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
  // The server does nothing if one item is missing: retry with the others alone.
  const gone = failures([...absent], 'It is not there any more.')
  return present.length === 0 ? gone : merged([gone, await runBatch(client, action, present)])
}
