import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Digests } from '@mediakeep/checksum'
import type { Archive, ArchiveSource } from '@mediakeep/content'

/** An archive under test, with direct access to its storage. */
export interface ArchiveHarness {
  readonly archive: Archive
  /** Stores bytes directly; without a digest, as the older tool did. */
  plant(key: string, bytes: Buffer, sha256?: string): Promise<void>
  /** All stored entries, including unfinished uploads. */
  list(): Promise<string[]>
}

export const MEBIBYTE = 1024 * 1024

export function digestsOf(bytes: Buffer): Digests {
  const hex = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex')
  return { md5: hex('md5'), sha256: hex('sha256'), byteSize: bytes.byteLength }
}

export function sourceOf(bytes: Buffer, key?: string): ArchiveSource {
  const digests = digestsOf(bytes)
  return {
    key: key ?? `media/${digests.md5.slice(0, 2)}/${digests.md5}.bin`,
    digests,
    mimeType: 'application/octet-stream',
    open: (range) => {
      const { start = 0, end = bytes.byteLength - 1 } = range ?? {}
      return Promise.resolve(Readable.from(chunked(bytes.subarray(start, end + 1)), { objectMode: false }))
    },
  }
}

function* chunked(bytes: Buffer): Generator<Buffer> {
  for (let offset = 0; offset < bytes.byteLength; offset += 65_536)
    yield bytes.subarray(offset, offset + 65_536)
}

/** A source whose bytes do not match its digests. */
export function withBytes(source: ArchiveSource, bytes: Buffer): ArchiveSource {
  return { ...source, open: (range) => sourceOf(bytes).open(range) }
}

export function flipped(bytes: Buffer, at = bytes.byteLength >> 1): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

export function random(byteSize: number): Buffer {
  return randomBytes(byteSize)
}

export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
