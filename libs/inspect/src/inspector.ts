import { readFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { InspectionFailedError, type Inspector, type MediaFacts } from '@mediakeep/content'
import sharp from 'sharp'
import { createPdfReader, type PdfReader } from './document.ts'
import { inspectImage, type ImageLimits } from './image.ts'
import { assertNoForeignEnd, assertZipEnd } from './file-end.ts'
import { createGate } from './gate.ts'
import { probeDecoders } from './known-good.ts'
import { HEAD_BYTES, sniffFile } from './sniffer.ts'
import { inspectRecording } from './recording.ts'

export interface InspectorLimits {
  /** Width times height, default 100 million; an image that claims more is rejected before it is decoded. */
  readonly maxPixels?: number | undefined
  /** Time limit per file, default 30 seconds. */
  readonly timeoutMs?: number | undefined
}

export interface InspectorOptions extends InspectorLimits {
  /** Number of files held in memory and decoded at once; default: one per core. */
  readonly concurrency?: number | undefined
}

export const TIMEOUT_MS = 30_000
const MAX_PIXELS = 100_000_000
/** Raise it whenever the checks in this package change. */
const CODE_VERSION = 2

/** Determines a file's type from its bytes alone. Holds at most `concurrency` files in memory. */
export function createInspector(options: InspectorOptions = {}): Inspector {
  const { maxPixels = MAX_PIXELS, timeoutMs = TIMEOUT_MS, concurrency = availableParallelism() } = options
  const gate = createGate(concurrency)
  const pdf = createPdfReader()
  const inspector: Inspector = {
    version: decoderVersion({ maxPixels, timeoutMs }),
    probe: (signal) => probeDecoders((path, stop) => inspector.inspect(path, stop), tmpdir(), signal),
    inspect: (path, signal) =>
      gate(async () => {
        signal?.throwIfAborted()
        const late = AbortSignal.timeout(timeoutMs)
        const deadline = signal ? AbortSignal.any([late, signal]) : late
        const failure = (): unknown =>
          deadline.reason === late.reason ? tooLong(late.reason) : deadline.reason
        return await abortable(inspect(path, { maxPixels, timeoutMs }, pdf, deadline), deadline, failure)
      }),
  }
  return inspector
}

/** Changes with the decoders and their limits: a file that one version gave up on may be decodable by the next. */
export function decoderVersion(limits: InspectorLimits & { readonly maxMemoryBytes?: number }): string {
  const { maxPixels = MAX_PIXELS, timeoutMs = TIMEOUT_MS, maxMemoryBytes } = limits
  const parts = {
    code: CODE_VERSION,
    sharp: sharp.versions.sharp,
    vips: sharp.versions.vips,
    maxPixels,
    timeoutMs,
  }
  return Object.entries({ ...parts, ...(maxMemoryBytes !== undefined && { maxMemoryBytes }) })
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')
}

async function inspect(
  path: string,
  limits: ImageLimits,
  pdf: PdfReader,
  deadline: AbortSignal,
): Promise<MediaFacts> {
  const { type, head } = await sniffFile(path)
  const { check, mediaType, mimeType, extension } = type
  const facts: MediaFacts = { mediaType, mimeType, extension }
  if (check === 'image' || check === 'heif') {
    const bytes = head.length < HEAD_BYTES ? head : await readFile(path)
    return { ...facts, ...(await inspectImage(bytes, type, limits)) }
  }
  if (check === 'office') await assertZipEnd(path)
  else await assertNoForeignEnd(path, mimeType)
  if (check === 'video' || check === 'audio') {
    return { ...facts, ...(await inspectRecording(path, type, deadline)) }
  }
  if (check === 'none') return { ...facts, findings: ['not_decoded'] }
  const findings = check === 'pdf' ? await pdf.inspect(path, deadline) : []
  return findings.length > 0 ? { ...facts, findings } : facts
}

/** A stalled disk and a suspended machine look the same, so this says nothing about the file. */
function tooLong(cause: unknown): InspectionFailedError {
  return new InspectionFailedError('timeout', 'The file takes too long', { cause })
}

/** Rejects at once when aborted; the work itself ends later. */
async function abortable<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  failure: () => unknown,
): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(failure())
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
