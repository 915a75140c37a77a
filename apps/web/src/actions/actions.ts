import {
  ArchiveMediaDocument,
  DownloadMediaDocument,
  RejectMediaDocument,
  RequeueAnalysisDocument,
  RestoreMediaDocument,
  UnrejectMediaDocument,
  VerifyMediaDocument,
  type MediaCheckResultFragment,
  type MediakeepClient,
} from '@mediakeep/client'
import { outcomeOf, type Outcome, type Refusal } from './outcome.ts'

/** An operation that the API performs on media. */
export interface MediaAction {
  /** Shown while it runs, e.g. `Verifying`. */
  readonly present: string
  /** Items per batch: the API's limit, or less where a batch is slow and progress should show. */
  readonly batch: number
  readonly run: (client: MediakeepClient, mediaIds: string[]) => Promise<Outcome | Refusal>
}

const ARCHIVE_WORDS: Readonly<Record<string, { readonly done?: string; readonly failed?: string }>> = {
  queued: { done: 'queued for the archive' },
  archived: { done: 'archived already' },
  rejected: { failed: 'It is rejected, so it is not archived.' },
  none: { failed: 'Nothing was fetched for it.' },
}

export const archive: MediaAction = {
  present: 'Archiving',
  batch: 100,
  async run(client, mediaIds) {
    const { archiveMedia } = await client.mutate(ArchiveMediaDocument, { mediaIds })
    if (archiveMedia.__typename !== 'ArchiveMediaPayload') return archiveMedia
    return outcomeOf(
      archiveMedia.states.map(({ media, state }) => ({ mediaId: media.id, ...ARCHIVE_WORDS[state] })),
    )
  },
}

export const verify: MediaAction = {
  present: 'Verifying',
  batch: 10,
  async run(client, mediaIds) {
    const { verifyMedia } = await client.mutate(VerifyMediaDocument, { mediaIds })
    return verifyMedia.__typename === 'MediaChecksPayload' ? ofChecks(verifyMedia.checks) : verifyMedia
  },
}

export const restore: MediaAction = {
  present: 'Restoring',
  batch: 10,
  async run(client, mediaIds) {
    const { restoreMedia } = await client.mutate(RestoreMediaDocument, { mediaIds })
    return restoreMedia.__typename === 'MediaChecksPayload' ? ofChecks(restoreMedia.checks) : restoreMedia
  },
}

function ofChecks(checks: readonly MediaCheckResultFragment[]): Outcome {
  return outcomeOf(
    checks.map(({ media, cache, archive, error }) => {
      const wrong = [
        cache !== 'ok' && cache !== 'restored' && `its file is ${cache} in the cache`,
        archive === 'missing' || archive === 'corrupt' ? `its object is ${archive} in the archive` : false,
      ].filter(Boolean)
      const failed = error ?? (wrong.length > 0 ? `${wrong.join(', and ')}; it is being repaired` : undefined)
      return {
        mediaId: media.id,
        ...(failed === undefined
          ? { done: cache === 'restored' ? 'restored from the archive' : 'verified' }
          : { failed }),
      }
    }),
  )
}

export const analyseAgain: MediaAction = {
  present: 'Queueing',
  batch: 1_000,
  async run(client, mediaIds) {
    const { requeueAnalysis } = await client.mutate(RequeueAnalysisDocument, { mediaIds })
    if (requeueAnalysis.__typename !== 'RequeueAnalysisPayload') return requeueAnalysis
    const { count } = requeueAnalysis
    return {
      done: new Map([[count === 1 ? 'analysis waits now' : 'analyses wait now', count]]),
      failures: [],
    }
  },
}

export const fetchAgain: MediaAction = {
  present: 'Queueing',
  batch: 100,
  async run(client, mediaIds) {
    const { downloadMedia } = await client.mutate(DownloadMediaDocument, { mediaIds })
    if (downloadMedia.__typename !== 'MediaPayload') return downloadMedia
    const waiting = new Set(downloadMedia.media.map(({ id }) => id))
    return outcomeOf(
      mediaIds.map((mediaId) => ({
        mediaId,
        done: waiting.has(mediaId) ? 'to be fetched again' : 'fetched already',
      })),
    )
  },
}

export function reject(reason: string): MediaAction {
  return {
    present: 'Rejecting',
    batch: 1,
    async run(client, [mediaId]) {
      const { rejectMedia } = await client.mutate(RejectMediaDocument, { mediaId: mediaId!, reason })
      if (rejectMedia.__typename !== 'MediaPayload') return rejectMedia
      return outcomeOf([{ mediaId: mediaId!, done: 'rejected' }])
    },
  }
}

export const unreject: MediaAction = {
  present: 'Taking back the rejection',
  batch: 1,
  async run(client, [mediaId]) {
    const { unrejectMedia } = await client.mutate(UnrejectMediaDocument, { mediaId: mediaId! })
    if (unrejectMedia.__typename === 'MediaNotRejectedError')
      return outcomeOf([{ mediaId: mediaId!, failed: 'It is not rejected.' }])
    if (unrejectMedia.__typename !== 'MediaPayload') return unrejectMedia
    return outcomeOf([{ mediaId: mediaId!, done: 'no longer rejected' }])
  },
}
