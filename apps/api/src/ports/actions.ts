import type { CustodyActor } from '@mediakeep/custody'
import type { DownloadSelection, QueuedMedia } from '@mediakeep/media'
import type { MediaOutcome, OpenedMedia } from '@mediakeep/pipeline'

/** The work of the mutations: plain functions that the composition root takes from the libs. */
export interface Actions {
  /** Puts media back into the download queue. @returns the ids of those now waiting */
  requeueDownloads(selection: DownloadSelection): Promise<string[]>
  /** Retries inspections that ended without a verdict. @returns the ids of their media */
  retryInspections(mediaIds: readonly string[]): Promise<string[]>
  /** Reads whole cached files, checks their archive objects, and repairs what is wrong. */
  verifyMedia(mediaIds: readonly string[], depth: 'head' | 'deep'): Promise<readonly MediaOutcome[]>
  queueArchive(mediaIds: readonly string[]): Promise<readonly QueuedMedia[]>
  /** Makes sure that media are in the cache. */
  restoreMedia(mediaIds: readonly string[]): Promise<readonly MediaOutcome[]>
  /** Rejects the content of a media item in all its rows. @returns the row ids; empty when there is no such media */
  rejectContent(
    media: { readonly mediaId: string; readonly reason: string },
    by: CustodyActor,
  ): Promise<string[]>
  /** Takes back the rejection of a media item's content. @returns the ids of the rows; empty if it was not rejected */
  unrejectContent(media: { readonly mediaId: string }, by: CustodyActor): Promise<string[]>
  /** Queues an import of files (absolute paths on this machine) for `requestedBy`. @returns its run id */
  createImportRun(files: readonly string[], requestedBy: string): Promise<string>
}

/** The part of an opened media file that the API uses. */
export type ServedMedia = Pick<
  OpenedMedia,
  'sha256' | 'byteSize' | 'mimeType' | 'fileName' | 'open' | 'locate'
>

/** @returns undefined when there is no such media or it was not fetched @throws when its bytes are unavailable */
export type OpenMedia = (mediaId: string) => Promise<ServedMedia | undefined>
