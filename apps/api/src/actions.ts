import type { Readable } from 'node:stream'

/** What became of one media item under verification or restoration. */
export interface MediaOutcome {
  readonly mediaId: string
  readonly cache: string
  readonly archive: string
  readonly error?: string | undefined
}

export interface QueuedMedia {
  readonly mediaId: string
  /** `none`: there is no such media, or nothing was fetched for it. */
  readonly state: 'queued' | 'archived' | 'rejected' | 'none'
}

/** What the mutations do: plain functions that the composition root takes from the libs. */
export interface Actions {
  /** Puts media back into the download queue. @returns the ids of those that wait now */
  requeueDownloads(selection: {
    readonly mediaIds?: readonly string[] | undefined
    readonly postIds?: readonly string[] | undefined
    readonly fates?: readonly string[] | undefined
    readonly since?: Date | undefined
    readonly limit?: number | undefined
    readonly force?: boolean | undefined
  }): Promise<string[]>
  /** Reads cached files whole and looks at their archive objects; mends what is wrong. */
  verifyMedia(mediaIds: readonly string[], depth: 'head' | 'deep'): Promise<readonly MediaOutcome[]>
  queueArchive(mediaIds: readonly string[]): Promise<readonly QueuedMedia[]>
  /** Makes sure that media are in the cache. */
  restoreMedia(mediaIds: readonly string[]): Promise<readonly MediaOutcome[]>
  /** Rejects the content that a media item shows, in all its rows. @returns the ids of the rows; none: no such media */
  rejectContent(media: { readonly mediaId: string; readonly reason: string }): Promise<string[]>
  /** Queues an import of files (absolute paths on this machine). @returns its run id */
  createImportRun(files: readonly string[]): Promise<string>
}

/** One media file, opened for reading. */
export interface OpenedMedia {
  readonly sha256: string
  readonly byteSize: number
  /** By the bytes; `application/octet-stream` where nobody has looked into them. */
  readonly mimeType: string
  readonly fileName: string
  /** Both ends of a range are included. */
  open(range?: { readonly start: number; readonly end?: number | undefined }): Promise<Readable>
}

/** @returns undefined when there is no such media, or nothing was fetched for it @throws when its bytes are not to be had */
export type OpenMedia = (mediaId: string) => Promise<OpenedMedia | undefined>

/** Counts over everything that is kept. */
export interface Stats {
  readonly media: {
    readonly total: number
    readonly byFate: Readonly<Record<string, number>>
    readonly byAnalysisStatus: Readonly<Record<string, number>>
    readonly archived: number
  }
  readonly contents: {
    readonly total: number
    readonly bytes: number
    readonly archived: number
    readonly archivedBytes: number
    readonly placeholdersSuspected: number
    readonly rejected: number
  }
  readonly deduplicated: { readonly media: number; readonly bytes: number }
  readonly queues: {
    readonly download: { readonly waiting: number; readonly retrying: number }
    readonly archive: { readonly waiting: number; readonly uploading: number; readonly givenUp: number }
  }
  readonly oldestWaitingAt: Date | undefined
}
