export interface PictureOptions {
  /** The longer side in pixels; a larger picture is scaled down, a smaller one stays. Default: as it is. */
  readonly maxEdge?: number | undefined
  /** The same for the width alone. */
  readonly maxWidth?: number | undefined
  /** Default `png`. */
  readonly format?: 'png' | 'jpeg' | 'webp' | undefined
}

/** An upright, opaque picture of a media file. */
export interface Picture {
  readonly bytes: Uint8Array
  readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp'
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

export interface PictureSource {
  /** Absolute. */
  readonly path: string
  /** By the bytes. */
  readonly mimeType: string
}

/** There is no picture of such a file, or it cannot be drawn. */
export class NoPictureError extends Error {
  override readonly name = 'NoPictureError'
  /** `no_picture`: not of such a type; the others: this file is to blame. */
  readonly code: NoPictureCode

  constructor(code: NoPictureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export type NoPictureCode = 'no_picture' | 'undecodable' | 'pixel_bomb'
