import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { DigestCounter, type Digests } from '@mediakeep/checksum'
import type { Archive } from '@mediakeep/content'

export interface DownloadOptions {
  /** Cuts off anything longer: its digests are wrong anyway. */
  readonly maxBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Writes an object to a file. @returns the digests of the written bytes @throws ArchiveMissError, ArchiveError */
export async function downloadObject(
  archive: Archive,
  key: string,
  path: string,
  { maxBytes = Infinity, signal }: DownloadOptions = {},
): Promise<Digests> {
  const counter = new DigestCounter()
  await pipeline(
    await archive.open(key, undefined, signal),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        counter.update(chunk)
        if (counter.byteSize > maxBytes) return
        yield chunk
      }
    },
    createWriteStream(path),
    ...(signal === undefined ? [] : [{ signal }]),
  )
  return counter.digests()
}
