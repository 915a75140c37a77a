import type { ServedMedia } from '../ports/actions.ts'

// Types that browsers display without running code. No SVG, HTML or XML; PDF viewers run in a sandbox.
const INLINE_TYPES = new Set([
  ...['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'],
  ...['video/mp4', 'video/webm', 'video/quicktime', 'video/3gpp', 'application/pdf'],
  ...['image/bmp', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/wav', 'audio/flac', 'audio/ogg'],
])

/** Headers for every answer with untrusted bytes. */
export const SAFETY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
} as const

/** Only a URL that contains the digest of the bytes always shows the same content. */
export function cacheControl(version: string | null, sha256: string): string {
  return version === sha256 ? 'private, max-age=31536000, immutable' : 'private, no-cache'
}

export function mediaHeaders(media: ServedMedia, version: string | null): Record<string, string> {
  const inline = INLINE_TYPES.has(media.mimeType)
  // The name consists of our id and an extension; any other character would be a bug of ours.
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

/** If-None-Match: true when the client already has these bytes. Weak comparison, as for GET (RFC 9110, 13.1.2). */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
