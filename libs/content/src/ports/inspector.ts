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

/** Codes of what may harm whoever opens it. Only files with these are dropped; others are kept in quarantine. */
const DANGEROUS = ['html', 'svg', 'javascript', 'executable']

/** Whether the bytes of a rejected file are dropped, and not kept in quarantine. */
export function isDangerous(error: NotMediaError): boolean {
  return DANGEROUS.includes(error.code)
}

/**
 * Nothing can be inspected on this machine now: the decoder is missing, cannot be started, or fails over a file that
 * is known to be good. This is no verdict on any file.
 */
export class InspectorUnavailableError extends Error {
  override readonly name = 'InspectorUnavailableError'
  readonly code = 'inspector_unavailable'
}

/** The decoder broke over a file. It may be the machine's fault: ask `Inspector.probe` before blaming the file. */
export class InspectionFailedError extends Error {
  override readonly name = 'InspectionFailedError'
  readonly code: 'crashed' | 'timeout' | 'memory'

  constructor(code: InspectionFailedError['code'], message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

/** Says what a file is by its first bytes, at a bounded cost: it runs in the server's process, and decodes nothing. */
export interface Sniffer {
  /**
   * @param bytes all of the file, where they are at hand; else it is read
   * @returns its types; sizes only decoding tells
   * @throws NotMediaError
   */
  sniff(path: string, bytes?: Uint8Array): Promise<MediaFacts>
}

/** Says what a file is: sniffs, then decodes with limits. */
export interface Inspector {
  /** The decoders and their limits: a file that one version gave up on is tried again by another. */
  readonly version: string
  /** @throws NotMediaError, InspectionFailedError, InspectorUnavailableError */
  inspect(path: string, signal?: AbortSignal): Promise<MediaFacts>
  /** Inspects files that are known to be good. @throws InspectorUnavailableError when it fails over one */
  probe(signal?: AbortSignal): Promise<void>
}
