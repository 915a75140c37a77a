import type { ServedMedia } from '../ports/actions.ts'

// Types a browser shows without running anything of them. No SVG, no HTML, no XML; PDF viewers run in a sandbox.
const INLINE_TYPES = new Set([
  ...['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'],
  ...['video/mp4', 'video/webm', 'video/quicktime', 'video/3gpp', 'application/pdf'],
  ...['image/bmp', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/wav', 'audio/flac', 'audio/ogg'],
])

/** What every answer with bytes of strangers bears. */
export const SAFETY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
} as const

/** Only a URL that names the bytes' digest never changes what it shows. */
export function cacheControl(version: string | null, sha256: string): string {
  return version === sha256 ? 'private, max-age=31536000, immutable' : 'private, no-cache'
}

export function mediaHeaders(media: ServedMedia, version: string | null): Record<string, string> {
  const inline = INLINE_TYPES.has(media.mimeType)
  // The name is made of our id and an extension; anything else in it would be a mistake of ours.
  const fileName = media.fileName.replaceAll(/[^\w.-]/g, '_')
  return {
    ...SAFETY_HEADERS,
    'content-type': inline ? media.mimeType : 'application/octet-stream',
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${fileName}"`,
    'accept-ranges': 'bytes',
    etag: `"${media.sha256}"`,
    'cache-control': cacheControl(version, media.sha256),
  }
}

/** If-None-Match: whether the client has these bytes already. Weak comparison, as for GET (RFC 9110, 13.1.2). */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
