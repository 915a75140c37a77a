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

/** Says what a file is: sniffs, then decodes with limits. */
export interface Inspector {
  /** @throws NotMediaError */
  inspect(path: string, signal?: AbortSignal): Promise<MediaFacts>
}
