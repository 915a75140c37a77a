import type { MediaType } from './media-types.ts'
import type { JsonObject } from './source-post.ts'

export interface PictureOptions {
  /** Longer side in pixels; larger pictures are scaled down, smaller ones are not scaled up. Default: no scaling. */
  readonly maxEdge?: number | undefined
  /** Default `png`, which is lossless. */
  readonly format?: 'png' | 'jpeg' | undefined
}

/** One upright picture of the media: the image, a frame of the video, or the first page of the document. */
export interface Picture {
  readonly bytes: Uint8Array
  readonly mimeType: 'image/png' | 'image/jpeg'
  /** Size of `bytes`, in pixels. */
  readonly width: number
  readonly height: number
  /** Size of the whole upright picture before scaling; for a document's page, in points of 1/72 inch. */
  readonly fullWidth: number
  readonly fullHeight: number
  /** For a video: the frame's position, and the video's duration. */
  readonly atSeconds?: number | undefined
  readonly durationSeconds?: number | undefined
  /** For a document. */
  readonly pageCount?: number | undefined
}

/** The content to analyse, regardless of which posts show it. */
export interface AnalysisInput {
  /** Hexadecimal. */
  readonly sha256: string
  readonly mediaType: MediaType
  /** Detected from the bytes, not claimed by a server. */
  readonly mimeType: string
  readonly byteSize: number
  /** The original file; read only. */
  readonly path: string
  /** Always drawn outside the worker's process. @throws AnalysisError `no_picture` */
  picture(options?: PictureOptions): Promise<Picture>
}

export interface AnalysisContext {
  /** Aborts on a lost lease, a timeout, or when the worker stops. Only analysers with `runsIn: 'host'` receive it. */
  readonly signal: AbortSignal
}

/** Usage of one analysis; recorded, and counted against the daily budget. */
export interface AnalysisUsage {
  readonly model?: string | undefined
  readonly tokensUsed?: number | undefined
  readonly costUsd?: number | undefined
}

export interface Analysis {
  /**
   * At most 1 MiB as JSON. Some optional keys have a meaning: `text` (text visible in the picture), `caption`,
   * `altText` and `labels` are searchable; `perceptualHash` (16 hex digits) is used for similarity; `thumbhash`
   * (base64) and `dominantColor` (`#rrggbb`) are used for drawing.
   */
  readonly result: JsonObject
  readonly usage?: AnalysisUsage | undefined
}

export interface AnalysisErrorOptions extends ErrorOptions {
  /** True if another attempt may succeed. Default false: the file is to blame. */
  readonly retryable?: boolean | undefined
  /** The service asked for a pause of this length: the analyser pauses, and the attempt does not count. */
  readonly restMs?: number | undefined
  /** Usage of the failed attempt. */
  readonly usage?: AnalysisUsage | undefined
}

/** An expected failure of an analysis. Any other error is retried, up to a limit. */
export class AnalysisError extends Error {
  override readonly name = 'AnalysisError'
  /** Stable and short: `undecodable`, `refused`, `invalid_response`. */
  readonly code: string
  readonly retryable: boolean
  readonly restMs: number | undefined
  readonly usage: AnalysisUsage | undefined

  constructor(code: string, message: string, options: AnalysisErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.retryable = options.retryable ?? false
    this.restMs = options.restMs
    this.usage = options.usage
  }
}

/** Usage that pauses the analyser until the next day, across all processes and by the database's day (UTC). */
export interface DailyBudget {
  readonly tokens?: number | undefined
  readonly usd?: number | undefined
}

/** An analyser finds something in media. A plugin module exports one as `analyser`. */
export interface Analyser {
  /** Lower case, unique: `facts`. */
  readonly name: string
  /**
   * Raise it when results change: the new version analyses contents that are not completed at once, and the rest
   * when they are requeued (`requeueAnalysis`).
   */
  readonly version: string
  readonly mediaTypes: readonly MediaType[]
  /**
   * `child` (default): in a child process with limits, where a file may crash the decoder, hang it or exhaust memory.
   * `host`: in the worker itself, for analysers that only wait for a service. It must not decode anything.
   */
  readonly runsIn?: 'child' | 'host' | undefined
  /** Time limit of one analysis, in milliseconds; default 60,000. */
  readonly timeoutMs?: number | undefined
  /** Memory limit of a child, in bytes; default 1 GiB. */
  readonly maxMemoryBytes?: number | undefined
  /** Concurrent analyses per process; default: one per core. */
  readonly concurrency?: number | undefined
  /** Environment variables visible to its child; all others are hidden. */
  readonly env?: readonly string[] | undefined
  readonly dailyBudget?: DailyBudget | undefined
  /** @throws AnalysisError */
  analyse(input: AnalysisInput, context: AnalysisContext): Promise<Analysis>
}
