import { NotMediaError } from './ports/inspector.ts'

const PLAYLIST_TYPES: Readonly<Record<string, 'HLS' | 'DASH'>> = {
  'application/vnd.apple.mpegurl': 'HLS',
  'application/x-mpegurl': 'HLS',
  'application/mpegurl': 'HLS',
  'audio/mpegurl': 'HLS',
  'audio/x-mpegurl': 'HLS',
  'application/dash+xml': 'DASH',
}

/** The refusal of a playlist, which names the parts of a video and holds none of it. */
export function playlistRefusal(kind: 'HLS' | 'DASH'): NotMediaError {
  const article = kind === 'HLS' ? 'an' : 'a'
  return new NotMediaError(
    'playlist',
    `this is ${article} ${kind} playlist, not a video; it only names the parts of one. Download the video with yt-dlp ` +
      'and import that folder',
  )
}

/** Names bytes of no known type that the server calls a playlist. */
export function namedRefusal(refusal: NotMediaError, claimedMimeType: string | undefined): NotMediaError {
  if (refusal.code !== 'unknown_type' || claimedMimeType === undefined) return refusal
  const mimeType = claimedMimeType.split(';')[0]!.trim().toLowerCase()
  const kind = Object.hasOwn(PLAYLIST_TYPES, mimeType) ? PLAYLIST_TYPES[mimeType] : undefined
  return kind ? playlistRefusal(kind) : refusal
}
