import {
  ArchiveMediaDocument,
  DownloadMediaDocument,
  FailedMediaIdsDocument,
  RequeueFailedAnalysesDocument,
  type FailureCountFragment,
  type MediaFilter,
  type MediakeepClient,
} from '@mediakeep/client'

/** Progress: items requested so far, and how many of them wait again. */
export interface Retried {
  readonly asked: number
  readonly queued: number
}

/**
 * Retries everything that failed for one reason, a page at a time. Stops between pages when the signal aborts; what
 * was requested by then stays requested.
 *
 * @throws Error with the server's objection; CombinedError
 */
export async function retryFailures(
  client: MediakeepClient,
  failure: FailureCountFragment,
  signal: AbortSignal,
  onProgress: (retried: Retried) => void,
): Promise<Retried> {
  const filter: MediaFilter = {
    failure: { stage: failure.stage, reason: failure.reason, analyser: failure.analyser },
    ...(failure.fate && { fate: failure.fate }),
  }
  if (failure.stage === 'analyse') return analyseAgain(client, failure, filter)
  const retry = failure.stage === 'archive' ? archiveAgain : downloadAgain
  let retried: Retried = { asked: 0, queued: 0 }
  let after: string | null = null
  while (!signal.aborted) {
    const { ids, next }: Page = await failedPage(client, filter, after)
    if (ids.length > 0) {
      const queued = await retry(client, ids)
      retried = { asked: retried.asked + ids.length, queued: retried.queued + queued }
      onProgress(retried)
    }
    if (next === null) break
    after = next
  }
  return retried
}

interface Page {
  readonly ids: string[]
  readonly next: string | null
}

async function failedPage(client: MediakeepClient, filter: MediaFilter, after: string | null): Promise<Page> {
  const { mediaItems } = await client.query(FailedMediaIdsDocument, { filter, after })
  const { hasNextPage, endCursor } = mediaItems.pageInfo
  return { ids: mediaItems.nodes.map(({ id }) => id), next: hasNextPage ? endCursor : null }
}

async function downloadAgain(client: MediakeepClient, mediaIds: string[]): Promise<number> {
  const { downloadMedia } = await client.mutate(DownloadMediaDocument, { mediaIds })
  if (downloadMedia.__typename === 'MediaPayload') return downloadMedia.media.length
  throw new Error(downloadMedia.message)
}

async function archiveAgain(client: MediakeepClient, mediaIds: string[]): Promise<number> {
  const { archiveMedia } = await client.mutate(ArchiveMediaDocument, { mediaIds })
  if (archiveMedia.__typename === 'ArchiveMediaPayload')
    return archiveMedia.states.filter(({ state }) => state === 'queued').length
  throw new Error(archiveMedia.message)
}

async function analyseAgain(
  client: MediakeepClient,
  { analyser }: FailureCountFragment,
  filter: MediaFilter,
): Promise<Retried> {
  const name = analyser?.split('@')[0]
  const { requeueAnalysis } = await client.mutate(RequeueFailedAnalysesDocument, {
    filter,
    analysers: name === undefined ? null : [name],
  })
  if (requeueAnalysis.__typename === 'RequeueAnalysisPayload')
    // The server counts analyses; several items may show one.
    return { asked: requeueAnalysis.count, queued: requeueAnalysis.count }
  throw new Error(requeueAnalysis.message)
}
