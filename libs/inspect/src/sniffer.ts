import { NotMediaError, type MediaFacts, type Sniffer } from '@mediakeep/content'
import type { Sniffed } from './media-kinds.ts'
import { readSpan } from './read-span.ts'
import { sniff } from './sniff.ts'

/** Enough to detect every type, and to hold most pictures completely. */
export const HEAD_BYTES = 1024 * 1024

/**
 * Detects the type by magic bytes alone, at a bounded cost, since it runs in the server's process. Parsing untrusted
 * structures is left to the inspection, which runs in a child with limits.
 */
export function createSniffer(): Sniffer {
  return {
    async sniff(path, bytes): Promise<MediaFacts> {
      const { mediaType, mimeType, extension } = (await sniffFile(path, bytes)).type
      return { mediaType, mimeType, extension }
    },
  }
}

/** @throws NotMediaError `empty`, and the errors of `sniff` */
export async function sniffFile(path: string, bytes?: Uint8Array): Promise<{ type: Sniffed; head: Buffer }> {
  const head = bytes ? asBuffer(bytes) : (await readSpan(path, 0, HEAD_BYTES)).bytes
  if (head.length === 0) throw new NotMediaError('empty', 'The file is empty')
  return { type: await sniff(head, path), head }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
