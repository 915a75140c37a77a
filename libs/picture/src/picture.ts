export interface PictureOptions {
  /** Longer side in pixels; larger pictures are scaled down, smaller ones are not scaled up. Default: no scaling. */
  readonly maxEdge?: number | undefined
  /** The same for the width only. */
  readonly maxWidth?: number | undefined
  /** Default `png`. */
  readonly format?: 'png' | 'jpeg' | 'webp' | undefined
}

/** An upright, opaque picture of a media file. */
export interface Picture {
  readonly bytes: Uint8Array
  readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp'
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

export interface PictureSource {
  /** Absolute path. */
  readonly path: string
  /** Detected from the bytes. */
  readonly mimeType: string
}

/** The file's type has no picture, or the file cannot be drawn. */
export class NoPictureError extends Error {
  override readonly name = 'NoPictureError'
  /** `no_picture`: the file type has no picture; other codes: this file is to blame. */
  readonly code: NoPictureCode

  constructor(code: NoPictureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export type NoPictureCode = 'no_picture' | 'undecodable' | 'pixel_bomb'
