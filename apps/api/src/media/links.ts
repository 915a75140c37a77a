import { createHmac, timingSafeEqual } from 'node:crypto'

const HOUR = 3600
/** Links are valid this long, or up to an hour more: the expiry is rounded so that URLs stay the same for an hour. */
const LIFETIME = 12 * HOUR

/** Builds signed URLs of media files. */
export interface MediaLinks {
  media(mediaId: string, sha256: string | null): string
  thumbnail(mediaId: string, sha256: string | null, width: number): string
}

export interface LinkOptions {
  /** Base URL of the server: `http://127.0.0.1:4000`. */
  readonly baseUrl: string
  readonly secret: string
  /** Unix time in seconds. */
  readonly now?: () => number
}

const seconds = (): number => Math.floor(Date.now() / 1000)

export function mediaLinks({ baseUrl, secret, now = seconds }: LinkOptions): MediaLinks {
  const link = (path: string, query: Record<string, string>): string => {
    const expires = Math.ceil(now() / HOUR) * HOUR + LIFETIME
    const signed = new URLSearchParams({ ...query, expires: String(expires) })
    signed.set('signature', sign(secret, path, signed))
    return `${baseUrl}${path}?${signed.toString()}`
  }
  const version = (sha256: string | null): Record<string, string> => (sha256 === null ? {} : { v: sha256 })
  return {
    media: (mediaId, sha256) => link(`/media/${encodeURIComponent(mediaId)}`, version(sha256)),
    thumbnail: (mediaId, sha256, width) =>
      link(`/media/${encodeURIComponent(mediaId)}/thumbnail`, { ...version(sha256), width: String(width) }),
  }
}

export type SignatureCheck = 'valid' | 'absent' | 'invalid' | 'expired'

/** Checks that we signed the whole URL of a request: path and query. */
export function checkSignature(
  secret: string,
  path: string,
  query: URLSearchParams,
  now = seconds(),
): SignatureCheck {
  const given = query.get('signature')
  if (given === null) return 'absent'
  const signed = new URLSearchParams(query)
  signed.delete('signature')
  const expected = Buffer.from(sign(secret, path, signed))
  const actual = Buffer.from(given)
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return 'invalid'
  return Number(query.get('expires')) > now ? 'valid' : 'expired'
}

function sign(secret: string, path: string, query: URLSearchParams): string {
  const sorted = new URLSearchParams(query)
  sorted.sort()
  return createHmac('sha256', secret).update(`${path}?${sorted.toString()}`).digest('base64url')
}
