import type { Readable } from 'node:stream'
import type { Digests } from '@mediakeep/checksum'
import type { ByteRange } from './cache.ts'

/** What is to be uploaded. `open` may be called again for a retry or a part, each time from a fresh reader. */
export interface ArchiveSource {
  readonly key: string
  readonly digests: Digests
  readonly mimeType: string
  open(range?: ByteRange): Promise<Readable>
  /** The first `limit` bytes, or all there are: where it is there, small contents are read by it and not by `open`. */
  read?(limit: number): Promise<Buffer>
}

export interface ArchivedObject {
  readonly key: string
  readonly byteSize: number
  /** From the object's metadata; absent on objects that the older tool wrote. */
  readonly sha256?: string | undefined
}

/**
 * `unproven`: the object has the right size, but its metadata says nothing of the digest (the older tool wrote
 * none). Only `head` answers so; ask `deep` to know.
 */
export type ArchiveCheck = 'ok' | 'unproven' | 'missing' | 'corrupt'

/**
 * - `conflict`: other content has this key
 * - `digest_mismatch`: what came in was not what the digests say, on every attempt; nothing was kept
 * - `denied`: the credentials are wrong, or lack a permission
 * - `bucket_missing`, `misconfigured`: a setting is wrong (bucket, region, encryption, certificate)
 * - `cold`: the object is in a storage class that must be restored before it can be read; it is not lost
 * - `timeout`, `network`, `unavailable`: the store was silent, out of reach, or answered 5xx or SlowDown
 * - `full`, `read_only`, `io`: the file system failed
 * - `not_mounted`: the folder is not the archive it was
 * - `rejected`: the store refused for another reason, which `message` tells
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
  /** Whether the same call may succeed later without anyone's doing. */
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

/** The archive as a whole takes nothing until a person changes something. */
export function isUnusable(error: ArchiveError): boolean {
  return UNUSABLE.has(error.code)
}

/** The archive answers, and has no such object. */
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
 * Verified objects, one per content. Nothing counts as stored before the store has said its size and digest
 * back. Failures that may pass are retried inside, with backoff; what is left is an ArchiveError with a `code`.
 * An aborted call rejects with the signal's reason and leaves nothing half-done behind.
 */
export interface Archive {
  readonly kind: 's3' | 'file'
  /** `s3://bucket/key`, or `file:key` relative to the root of the embedded archive. */
  urlOf(key: string): string
  /** The key behind a URL of this archive; undefined when it belongs to another. */
  keyOf(url: string): string | undefined
  /**
   * @returns `present` when the same content was there already
   * @throws ArchiveError; and what the source throws, as it is, without another attempt
   */
  put(source: ArchiveSource, signal?: AbortSignal): Promise<'stored' | 'present'>
  head(key: string, signal?: AbortSignal): Promise<ArchivedObject | undefined>
  /** The stream fails with an ArchiveError too. @throws ArchiveMissError, ArchiveError */
  open(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>
  /** `head` compares size and metadata, `deep` reads every byte. */
  verify(key: string, digests: Digests, depth: 'head' | 'deep', signal?: AbortSignal): Promise<ArchiveCheck>
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>
  /** A URL that reads the object without credentials, or undefined where there is no such thing. */
  presign(key: string, seconds: number): Promise<string | undefined>
  /** Checks that the store answers and takes our credentials. @throws ArchiveError */
  ping(signal?: AbortSignal): Promise<void>
}
