import type { MediaFacts } from '../content.ts'

/** The bytes are not media that we keep. */
export class NotMediaError extends Error {
  override readonly name = 'NotMediaError'
  /** Stable and short: `html`, `svg`, `unknown_type`, `truncated`, `pixel_bomb`, `undecodable` … */
  readonly code: string

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

/** Codes of files that may harm people who open them. Only these are dropped; others are kept in quarantine. */
const DANGEROUS = ['html', 'svg', 'javascript', 'executable']

/** True if the bytes of a rejected file are dropped instead of kept in quarantine. */
export function isDangerous(error: NotMediaError): boolean {
  return DANGEROUS.includes(error.code)
}

/**
 * This machine cannot inspect anything now: the decoder is missing, cannot be started, or fails on a known good
 * file. This is not a verdict on any file.
 */
export class InspectorUnavailableError extends Error {
  override readonly name = 'InspectorUnavailableError'
  readonly code = 'inspector_unavailable'
}

/** The decoder broke on a file. The machine may be at fault: call `Inspector.probe` before blaming the file. */
export class InspectionFailedError extends Error {
  override readonly name = 'InspectionFailedError'
  readonly code: 'crashed' | 'timeout' | 'memory'

  constructor(code: InspectionFailedError['code'], message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

/** Identifies a file by its first bytes, at a bounded cost: runs in the server's process and decodes nothing. */
export interface Sniffer {
  /**
   * @param bytes the whole file, if in memory; otherwise it is read
   * @returns its types; only decoding finds sizes
   * @throws NotMediaError
   */
  sniff(path: string, bytes?: Uint8Array): Promise<MediaFacts>
}

/** Identifies a file: sniffs it, then decodes it with limits. */
export interface Inspector {
  /** Identifies the decoders and their limits: a file that one version gave up on is retried by another. */
  readonly version: string
  /** @throws NotMediaError, InspectionFailedError, InspectorUnavailableError */
  inspect(path: string, signal?: AbortSignal): Promise<MediaFacts>
  /** Inspects known good files. @throws InspectorUnavailableError when it fails on one */
  probe(signal?: AbortSignal): Promise<void>
}
