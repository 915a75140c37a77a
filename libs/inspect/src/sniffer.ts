import { open } from 'node:fs/promises'
import { NotMediaError, type MediaFacts, type Sniffer } from '@mediakeep/content'
import { assertPdfEnd, assertZipEnd } from './document.ts'
import { assertWhole } from './image-whole.ts'
import { sniff, type Sniffed } from './sniff.ts'
import { assertVideoEnd } from './video.ts'

/** Enough to sniff every type, and all of most pictures. */
export const HEAD_BYTES = 1024 * 1024

const MEDIA_TYPES = {
  image: 'image',
  heif: 'image',
  video: 'video',
  pdf: 'document',
  office: 'document',
} as const

/** Decides by magic bytes and by how a file ends; larger images are left to their decoding. */
export function createSniffer(): Sniffer {
  return {
    async sniff(path, bytes): Promise<MediaFacts> {
      const { kind, mimeType, extension } = (await sniffFile(path, bytes)).type
      return { mediaType: MEDIA_TYPES[kind], mimeType, extension }
    },
  }
}

/** @throws NotMediaError `empty`, those of `sniff`, and `truncated` or `polyglot` where the end tells */
export async function sniffFile(path: string, bytes?: Uint8Array): Promise<{ type: Sniffed; head: Buffer }> {
  const head = bytes ? asBuffer(bytes) : await readHead(path)
  if (head.length === 0) throw new NotMediaError('empty', 'The file is empty')
  const type = await sniff(head, path)
  if (type.kind === 'video') await assertVideoEnd(path)
  else if (type.kind === 'pdf') await assertPdfEnd(path)
  else if (type.kind === 'office') await assertZipEnd(path)
  else if (head.length < HEAD_BYTES) assertWhole(head, type.mimeType)
  return { type, head }
}

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const length = Math.min(size, HEAD_BYTES)
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, 0)
  return buffer.subarray(0, bytesRead)
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
