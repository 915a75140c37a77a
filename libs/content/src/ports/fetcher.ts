import type { Digests } from '@mediakeep/checksum'

export interface FetchedFile {
  readonly digests: Digests
  /** The Content-Type header as the server sent it. */
  readonly claimedMimeType?: string | undefined
  /** False when the server announced no length, so that a clean cut cannot be told from the end. */
  readonly lengthVerified: boolean
  /**
   * Resolves when the file is on the disk, where `sync` asked for that: the server is done with before. Rejects with
   * a FetchError; whoever does not look at it is not told.
   */
  readonly synced?: Promise<void> | undefined
}

/** How a reference ends when it could not be fetched. */
export type FetchFate = 'expired' | 'gone' | 'blocked' | 'rejected' | 'failed'

/** An expected failure of a fetch: what becomes of the row, and why. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly fate: FetchFate
  /** Stable and short: `http_404`, `private_address`, `too_large`, `stalled`, `html` … */
  readonly code: string
  /** Set when the server asked its host to be left alone (429, 503 with Retry-After). */
  readonly retryAfterMs: number | undefined
  /** `host[:port]` of who asked for that: after a redirect another than the URL's. */
  readonly host: string | undefined

  constructor(
    fate: FetchFate,
    code: string,
    message: string,
    options: { retryAfterMs?: number | undefined; host?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.fate = fate
    this.code = code
    this.retryAfterMs = options.retryAfterMs
    this.host = options.host
  }
}

export interface FetchOptions {
  /** The file is to be brought to the disk (fsync), see `synced`; else it may stay in the system's memory only. */
  readonly sync?: boolean | undefined
  /**
   * Is shown a small file while its bytes are still in memory: all of them, valid until the promise settles. What
   * it throws, the fetch throws.
   */
  readonly look?: ((bytes: Uint8Array) => Promise<void>) | undefined
}

/** Fetches one URL of a stranger into a file of ours: guarded, capped, hashed while the bytes pass. */
export interface Fetcher {
  /** `path` is created or overwritten. @throws FetchError */
  fetch(url: string, path: string, signal?: AbortSignal, options?: FetchOptions): Promise<FetchedFile>
}
