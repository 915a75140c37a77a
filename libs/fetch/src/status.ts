import { FetchError } from '@mediakeep/content'
import { type Head, header } from './head.ts'

export interface RefusalContext {
  /** The URL, for the message. */
  readonly what: string
  /** The host that responded. */
  readonly host: string
  /** When the URL's signature expires, if it says so. */
  readonly expiresAt: Date | undefined
  /** The beginning of the response's body. */
  readonly body: string
}

/** For a 429 without Retry-After. */
const DEFAULT_PAUSE_MS = 30_000
const MAX_PAUSE_MS = 86_400_000

const EXPIRED_BODY = /(request|token|signature|link|url)[^<>]{0,20}\bexpired|ExpiredToken/i

/**
 * Classifies a response that is not the file.
 *
 * - `expired`: the signature is expired, by the URL's own time or by the server's message; or the server refuses (401,
 *   403) a signed URL before that. A fresh URL fixes both.
 * - `gone`: 404, 410, 451; and 401 or 403 for a URL without a signature, since a retry would not help.
 * - `failed`, retried later: 408, 421, 425, 429, 5xx, and 2xx that announce a file without sending it (202, 206).
 * - `rejected`: everything else; code `empty` if there is no content (204, 205).
 */
export function refusal(head: Head, context: RefusalContext): FetchError {
  const { status } = head
  const said = `${context.what}: the server answered ${status}`
  if (status >= 400 && status < 500 && isOver(status, context)) {
    return new FetchError('expired', 'signature_expired', `${said}; the URL's signature has expired`)
  }
  const code = `http_${status}`
  if (status === 401 || status === 403) {
    if (context.expiresAt) return new FetchError('expired', code, `${said}; a freshly signed URL may do`)
    return new FetchError('gone', code, `${said}: access to the file is denied`)
  }
  if (status === 404 || status === 410 || status === 451) return new FetchError('gone', code, said)
  if (status === 204 || status === 205) return new FetchError('rejected', 'empty', `${said}: no content`)
  if (isTransient(status)) {
    const pauseMs = retryAfterMs(head, Date.now())
    return new FetchError('failed', code, said, {
      retryAfterMs: pauseMs,
      host: pauseMs === undefined ? undefined : context.host,
    })
  }
  return new FetchError('rejected', code, said)
}

function isOver(status: number, { expiresAt, body }: RefusalContext): boolean {
  const isRefusal = [400, 401, 403, 404, 410].includes(status)
  return (
    isRefusal && ((expiresAt !== undefined && expiresAt.getTime() <= Date.now()) || EXPIRED_BODY.test(body))
  )
}

function isTransient(status: number): boolean {
  return status >= 500 || status < 300 || [408, 421, 425, 429].includes(status)
}

/** Pause requested by the host, in milliseconds, at most a day; undefined if none. */
function retryAfterMs(head: Head, now: number): number | undefined {
  if (head.status !== 429 && head.status !== 503) return undefined
  const value = header(head, 'retry-after')?.trim() ?? ''
  const asked = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  if (!Number.isNaN(asked)) return Math.min(Math.max(asked, 0), MAX_PAUSE_MS)
  return head.status === 429 ? DEFAULT_PAUSE_MS : undefined
}
