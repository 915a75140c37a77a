/** What a media URL says of itself, without a request. */
export interface MediaUrl {
  /** 64 hex digits: SHA-256 of the URL without the parameters that only sign it. */
  readonly sourceKey: string
  /** `host` or `host:port` where the port is not the scheme's own; lower case. */
  readonly host: string
  /** When the signature expires; undefined where the URL does not say. */
  readonly expiresAt: Date | undefined
}

export class InvalidMediaUrlError extends Error {
  override readonly name = 'InvalidMediaUrlError'
  readonly code = 'invalid_media_url'
}

/** @throws InvalidMediaUrlError */
export function readMediaUrl(url: string): MediaUrl {
  throw new InvalidMediaUrlError(url)
}
