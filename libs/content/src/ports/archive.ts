import type { Readable } from 'node:stream'
import type { Digests } from '@mediakeep/checksum'
import type { ByteRange } from './cache.ts'

/** An object to upload. `open` may be called again for a retry or a part, and returns a fresh reader each time. */
export interface ArchiveSource {
  readonly key: string
  readonly digests: Digests
  readonly mimeType: string
  open(range?: ByteRange): Promise<Readable>
  /** The first `limit` bytes, or all there are. If defined, small contents are read with it instead of `open`. */
  read?(limit: number): Promise<Buffer>
}

export interface ArchivedObject {
  readonly key: string
  readonly byteSize: number
  /** From the object's metadata; absent on objects written by the older tool. */
  readonly sha256?: string | undefined
}

/**
 * `unproven`: the object has the right size, but no digest in its metadata (the older tool wrote none). Only
 * `head` returns it; `deep` gives certainty.
 */
export type ArchiveCheck = 'ok' | 'unproven' | 'missing' | 'corrupt'

/**
 * - `conflict`: other content has this key
 * - `digest_mismatch`: the bytes received did not match the digests on any attempt; nothing was kept
 * - `denied`: the credentials are wrong, or lack a permission
 * - `bucket_missing`, `misconfigured`: a setting is wrong (bucket, region, encryption, certificate)
 * - `cold`: the object must be restored from its storage class before it can be read; it is not lost
 * - `timeout`, `network`, `unavailable`: the store was silent, unreachable, or returned 5xx or SlowDown
 * - `full`, `read_only`, `io`: the file system failed
 * - `not_mounted`: the folder is not the same archive as before
 * - `rejected`: the store refused for another reason, given in `message`
 */
export type ArchiveErrorCode =
  | 'conflict'
  | 'digest_mismatch'
  | 'denied'
  | 'bucket_missing'
  | 'misconfigured'
  | 'cold'
  | 'timeout'
  | 'network'
  | 'unavailable'
  | 'full'
  | 'read_only'
  | 'io'
  | 'not_mounted'
  | 'rejected'

/** An expected failure of an archive. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
  readonly code: ArchiveErrorCode
  /** True if the same call may succeed later without intervention. */
  readonly retryable: boolean

  constructor(
    code: ArchiveErrorCode,
    message: string,
    options: { retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
  }
}

const UNUSABLE: ReadonlySet<ArchiveErrorCode> = new Set([
  'bucket_missing',
  'misconfigured',
  'full',
  'read_only',
  'not_mounted',
])

/** True if the archive accepts nothing until a person changes something. */
export function isUnusable(error: ArchiveError): boolean {
  return UNUSABLE.has(error.code)
}

/** The archive responds, and does not have the object. */
export class ArchiveMissError extends Error {
  override readonly name = 'ArchiveMissError'
  readonly code = 'missing'
  readonly key: string

  constructor(key: string, options: { cause?: unknown } = {}) {
    super(`The archive has no object ${key}`, options)
    this.key = key
  }
}

/**
 * Verified objects, one per content. Nothing counts as stored until the store has confirmed its size and digest.
 * Transient failures are retried inside, with backoff; the rest become an ArchiveError with a `code`.
 * An aborted call rejects with the signal's reason and leaves nothing half-done.
 */
export interface Archive {
  readonly kind: 's3' | 'file'
  /** `s3://bucket/key`, or `file:key` relative to the root of the embedded archive. */
  urlOf(key: string): string
  /** The key behind a URL of this archive; undefined for URLs of another archive. */
  keyOf(url: string): string | undefined
  /**
   * @returns `present` when the same content was already there
   * @throws ArchiveError; and errors of the source, unchanged and without a retry
   */
  put(source: ArchiveSource, signal?: AbortSignal): Promise<'stored' | 'present'>
  head(key: string, signal?: AbortSignal): Promise<ArchivedObject | undefined>
  /** The stream can also fail with an ArchiveError. @throws ArchiveMissError, ArchiveError */
  open(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>
  /** `head` compares size and metadata, `deep` reads every byte. */
  verify(key: string, digests: Digests, depth: 'head' | 'deep', signal?: AbortSignal): Promise<ArchiveCheck>
  /** Removing a missing object is not an error. */
  remove(key: string): Promise<void>
  /** A URL that reads the object without credentials, or undefined where the archive has none. */
  presign(key: string, seconds: number): Promise<string | undefined>
  /** Checks that the store responds and accepts our credentials. @throws ArchiveError */
  ping(signal?: AbortSignal): Promise<void>
}
