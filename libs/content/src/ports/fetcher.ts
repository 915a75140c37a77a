import type { Digests } from '@mediakeep/checksum'

export interface FetchedFile {
  readonly digests: Digests
  /** The Content-Type header as the server sent it. */
  readonly claimedMimeType?: string | undefined
  /** False when the server announced no length, so that a clean cut looks like the end. */
  readonly lengthVerified: boolean
  /**
   * With `sync`, resolves once the file is on disk; the server is already finished with by then. Rejects with a
   * FetchError; callers that ignore it are not notified.
   */
  readonly synced?: Promise<void> | undefined
}

/** Fate of a reference that could not be fetched. */
export type FetchFate = 'expired' | 'gone' | 'blocked' | 'rejected' | 'failed'

/** An expected failure of a fetch: the row's fate, and the reason. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly fate: FetchFate
  /** Stable and short: `http_404`, `private_address`, `too_large`, `stalled`, `html` … */
  readonly code: string
  /** Set when the server asked clients to wait (429, 503 with Retry-After). */
  readonly retryAfterMs: number | undefined
  /** `host[:port]` that asked for the wait: after a redirect, not the URL's own. */
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
  /** Writes the file to disk (fsync), see `synced`; otherwise it may stay in the system's memory. */
  readonly sync?: boolean | undefined
  /**
   * Receives all bytes of a small file while they are still in memory; they are valid until the promise settles.
   * The fetch rejects with whatever it throws.
   */
  readonly look?: ((bytes: Uint8Array) => Promise<void>) | undefined
}

/** Fetches one untrusted URL into a local file: guarded, capped, hashed while streaming. */
export interface Fetcher {
  /** Creates or overwrites `path`. @throws FetchError */
  fetch(url: string, path: string, signal?: AbortSignal, options?: FetchOptions): Promise<FetchedFile>
  /**
   * Writes bytes that are on this machine already to `path`, with the limits and digests of a fetch.
   * @param what names them in messages @throws FetchError, or the error of `bytes`
   */
  copy(bytes: AsyncIterable<Buffer>, what: string, path: string, options?: FetchOptions): Promise<FetchedFile>
}
