import { open, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { NotMediaError, type Inspector, type MediaFacts } from '@mediakeep/content'
import { assertZipEnd, createPdfReader, type PdfReader } from './document.ts'
import { inspectImage, type ImageLimits } from './image.ts'
import { createGate } from './gate.ts'
import { sniff } from './sniff.ts'
import { inspectVideo } from './video.ts'

export interface InspectorOptions {
  /** Width times height, default 100 million; an image that claims more is refused before it is decoded. */
  readonly maxPixels?: number | undefined
  /** How long one file may take, default 30 seconds. */
  readonly timeoutMs?: number | undefined
  /** How many files are held in memory and decoded at once; default: one for each core. */
  readonly concurrency?: number | undefined
}

/** Enough to sniff every type, and all of most pictures. */
const HEAD_BYTES = 1024 * 1024

/** Decides by the bytes alone what a file is. Holds no more than `concurrency` files in memory. */
export function createInspector(options: InspectorOptions = {}): Inspector {
  const { maxPixels = 100_000_000, timeoutMs = 30_000, concurrency = availableParallelism() } = options
  const gate = createGate(concurrency)
  const pdf = createPdfReader()
  return {
    inspect: (path, signal) =>
      gate(async () => {
        signal?.throwIfAborted()
        const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
        return await abortable(inspect(path, { maxPixels, timeoutMs }, pdf, deadline), deadline)
      }),
  }
}

async function inspect(
  path: string,
  limits: ImageLimits,
  pdf: PdfReader,
  deadline: AbortSignal,
): Promise<MediaFacts> {
  const head = await readHead(path)
  if (head.length === 0) throw new NotMediaError('empty', 'The file is empty')
  const type = await sniff(head, path)
  const { kind, mimeType, extension } = type
  if (kind === 'video') return { mediaType: 'video', mimeType, extension, ...(await inspectVideo(path)) }
  if (kind === 'image' || kind === 'heif') {
    const bytes = head.length < HEAD_BYTES ? head : await readFile(path)
    return { mediaType: 'image', mimeType, extension, ...(await inspectImage(bytes, type, limits)) }
  }
  await (kind === 'pdf' ? pdf.assertReadable(path, deadline) : assertZipEnd(path))
  return { mediaType: 'document', mimeType, extension }
}

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const length = Math.min(size, HEAD_BYTES)
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, 0)
  return buffer.subarray(0, bytesRead)
}

/** What does not end by itself is left to end later; its caller learns at once. */
async function abortable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => {
    const reason: unknown = signal.reason
    const late = reason instanceof Error && reason.name === 'TimeoutError'
    reject(late ? new NotMediaError('timeout', 'The file takes too long', { cause: reason }) : reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
