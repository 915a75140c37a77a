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

/** The decoder broke over a file. Whether the file is to blame, another attempt tells. */
export class InspectionFailedError extends Error {
  override readonly name = 'InspectionFailedError'
  readonly code: 'crashed' | 'timeout' | 'memory'

  constructor(code: InspectionFailedError['code'], message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

/** Says what a file is by its first and its last bytes, at little cost: nothing is decoded. */
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
  /** @throws NotMediaError, InspectionFailedError */
  inspect(path: string, signal?: AbortSignal): Promise<MediaFacts>
}
