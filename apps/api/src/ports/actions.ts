import type { DownloadSelection, QueuedMedia } from '@mediakeep/media'
import type { MediaOutcome, OpenedMedia } from '@mediakeep/pipeline'

/** What the mutations do: plain functions that the composition root takes from the libs. */
export interface Actions {
  /** Puts media back into the download queue. @returns the ids of those that wait now */
  requeueDownloads(selection: DownloadSelection): Promise<string[]>
  /** Takes up again inspections that were given up without a verdict. @returns the ids of their media */
  retryInspections(mediaIds: readonly string[]): Promise<string[]>
  /** Reads cached files whole and looks at their archive objects; mends what is wrong. */
  verifyMedia(mediaIds: readonly string[], depth: 'head' | 'deep'): Promise<readonly MediaOutcome[]>
  queueArchive(mediaIds: readonly string[]): Promise<readonly QueuedMedia[]>
  /** Makes sure that media are in the cache. */
  restoreMedia(mediaIds: readonly string[]): Promise<readonly MediaOutcome[]>
  /** Rejects the content that a media item shows, in all its rows. @returns the ids of the rows; none: no such media */
  rejectContent(media: { readonly mediaId: string; readonly reason: string }): Promise<string[]>
  /** Takes back the rejection of what a media item shows. @returns the ids of the rows; none: it was not rejected */
  unrejectContent(media: { readonly mediaId: string }): Promise<string[]>
  /** Queues an import of files (absolute paths on this machine) for whoever asked for it. @returns its run id */
  createImportRun(files: readonly string[], requestedBy: string): Promise<string>
}

/** What the API reads of an opened media file. */
export type ServedMedia = Pick<
  OpenedMedia,
  'sha256' | 'byteSize' | 'mimeType' | 'fileName' | 'open' | 'locate'
>

/** @returns undefined when there is no such media, or nothing was fetched for it @throws when its bytes are not to be had */
export type OpenMedia = (mediaId: string) => Promise<ServedMedia | undefined>
