import type { Readable } from 'node:stream'
import type { Digests } from '@mediakeep/checksum'
import type { ByteRange } from './cache.ts'

/** What is to be uploaded. `open` may be called again for a retry or a part, each time from a fresh reader. */
export interface ArchiveSource {
  readonly key: string
  readonly digests: Digests
  readonly mimeType: string
  open(range?: ByteRange): Promise<Readable>
}

export interface ArchivedObject {
  readonly key: string
  readonly byteSize: number
  /** From the object's metadata; absent on objects that the older tool wrote. */
  readonly sha256?: string | undefined
}

export type ArchiveCheck = 'ok' | 'missing' | 'corrupt'

/**
 * Verified objects, one per content. Nothing counts as stored before the store has said its size and digest
 * back. Failures that may pass are retried inside, with backoff; what is left is an ArchiveError with a `code`.
 */
export interface Archive {
  readonly kind: 's3' | 'file'
  /** `s3://bucket/key`, or `file:key` relative to the root of the embedded archive. */
  urlOf(key: string): string
  /** The key behind a URL of this archive; undefined when it belongs to another. */
  keyOf(url: string): string | undefined
  /** @returns `present` when the same content was there already @throws ArchiveError */
  put(source: ArchiveSource, signal?: AbortSignal): Promise<'stored' | 'present'>
  head(key: string, signal?: AbortSignal): Promise<ArchivedObject | undefined>
  /** @throws ArchiveMissError */
  open(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>
  /** `head` compares size and metadata, `deep` reads every byte. */
  verify(key: string, digests: Digests, depth: 'head' | 'deep', signal?: AbortSignal): Promise<ArchiveCheck>
  remove(key: string): Promise<void>
  /** A URL that reads the object without credentials, or undefined where there is no such thing. */
  presign(key: string, seconds: number): Promise<string | undefined>
  /** Checks that the store answers and takes our credentials. @throws ArchiveError */
  ping(signal?: AbortSignal): Promise<void>
}
