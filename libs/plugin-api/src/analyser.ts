import type { MediaType } from './media-types.ts'
import type { JsonObject } from './source-format.ts'

export interface PictureOptions {
  /** The longer side in pixels; a larger picture is scaled down, a smaller one stays. Default: as it is. */
  readonly maxEdge?: number | undefined
  /** Default `png`, which loses nothing. */
  readonly format?: 'png' | 'jpeg' | undefined
}

/** One upright picture of the media: the image, a frame of the video, or the first page of the document. */
export interface Picture {
  readonly bytes: Uint8Array
  readonly mimeType: 'image/png' | 'image/jpeg'
  /** Of `bytes`, in pixels. */
  readonly width: number
  readonly height: number
  /** Of the whole picture upright, before it was scaled down; of a document's page, in points of 1/72 inch. */
  readonly fullWidth: number
  readonly fullHeight: number
  /** Of a video: where in it the frame stands, and how long it is. */
  readonly atSeconds?: number | undefined
  readonly durationSeconds?: number | undefined
  /** Of a document. */
  readonly pageCount?: number | undefined
}

/** What is to be analysed: one content, whichever posts show it. */
export interface AnalysisInput {
  /** Hexadecimal. */
  readonly sha256: string
  readonly mediaType: MediaType
  /** By the bytes, not as a server claimed. */
  readonly mimeType: string
  readonly byteSize: number
  /** The original bytes, for reading only. */
  readonly path: string
  /** Drawn outside the worker's process in any case. @throws AnalysisError `no_picture` */
  picture(options?: PictureOptions): Promise<Picture>
}

export interface AnalysisContext {
  /** Aborts when the lease was lost, time is over, or the worker stops. Only an analyser `runsIn: 'host'` hears it. */
  readonly signal: AbortSignal
}

/** What an analysis used; recorded, and counted against the daily budget. */
export interface AnalysisUsage {
  readonly model?: string | undefined
  readonly tokensUsed?: number | undefined
  readonly costUsd?: number | undefined
}

export interface Analysis {
  /**
   * At most 1 MiB as JSON. Some keys have a meaning, all are optional: `text` (what is to be read in the picture),
   * `caption`, `altText` and `labels` are found by search; `perceptualHash` (16 hex digits) by likeness; `thumbhash`
   * (base64) and `dominantColor` (`#rrggbb`) are for drawing.
   */
  readonly result: JsonObject
  readonly usage?: AnalysisUsage | undefined
}

export interface AnalysisErrorOptions extends ErrorOptions {
  /** Whether another attempt may succeed. Default false: the file is to blame. */
  readonly retryable?: boolean | undefined
  /** The service asks to be left alone for so long: the analyser rests, and the attempt does not count. */
  readonly restMs?: number | undefined
  /** What the failed attempt used all the same. */
  readonly usage?: AnalysisUsage | undefined
}

/** An analysis that failed as expected. Anything else that is thrown is tried again, up to a limit. */
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

/** Spent so far, over all processes and by the database's day (UTC), pauses the analyser until the next day. */
export interface DailyBudget {
  readonly tokens?: number | undefined
  readonly usd?: number | undefined
}

/** An analyser: what is found in media. A plugin module exports one as `analyser`. */
export interface Analyser {
  /** Lower case, unique: `facts`. */
  readonly name: string
  /**
   * Raise it when results change: what is not completed is analysed by the new version at once, the rest when it is
   * asked for again (`requeueAnalysis`).
   */
  readonly version: string
  readonly mediaTypes: readonly MediaType[]
  /**
   * `child` (default): in a child process with limits, where a file may crash the decoder, hang it or eat memory.
   * `host`: in the worker itself, for what only waits for a service. It must not decode anything.
   */
  readonly runsIn?: 'child' | 'host' | undefined
  /** How long one analysis may take, milliseconds; default 60,000. */
  readonly timeoutMs?: number | undefined
  /** What a child may hold, bytes; default 1 GiB. */
  readonly maxMemoryBytes?: number | undefined
  /** How many at once in one process; default: one for each core. */
  readonly concurrency?: number | undefined
  /** Names of the environment variables its child may see; it sees no others. */
  readonly env?: readonly string[] | undefined
  readonly dailyBudget?: DailyBudget | undefined
  /** @throws AnalysisError */
  analyse(input: AnalysisInput, context: AnalysisContext): Promise<Analysis>
}
