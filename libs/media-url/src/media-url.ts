import { hash } from 'node:crypto'
import { findSignature } from './signature.ts'

/** Properties that can be read from a media URL, without a request. */
export interface MediaUrl {
  /** 64 hex digits: SHA-256 of the URL without its signing parameters. */
  readonly sourceKey: string
  /** `host`, or `host:port` if the port is not the scheme's default; lower case; empty for `data:` and the like. */
  readonly host: string
  /** Expiry time of the signature; undefined if the URL does not say. */
  readonly expiresAt: Date | undefined
}

export class InvalidMediaUrlError extends Error {
  override readonly name = 'InvalidMediaUrlError'
  readonly code = 'invalid_media_url'
}

/** Maximum UTF-8 bytes of the normalised URL. */
const MAX_LENGTH = 8192

/**
 * Reads a URL of any scheme; the fetcher's guard decides whether it may be fetched.
 *
 * @throws InvalidMediaUrlError if it is not a URL, or longer than 8 KiB
 */
export function readMediaUrl(mediaUrl: string): MediaUrl {
  const text = withScheme(mediaUrl)
  if (text.length > MAX_LENGTH) throw new InvalidMediaUrlError('URL longer than 8 KiB')
  if (!URL.canParse(text)) throw new InvalidMediaUrlError('not a URL')
  const url = new URL(text)
  const href = withoutFragment(url.href)
  if (href.length > MAX_LENGTH) throw new InvalidMediaUrlError('URL longer than 8 KiB')
  const start = href.indexOf('?')
  const parameters = start < 0 ? [] : readParameters(href.slice(start + 1))
  const values = new Map(parameters.map(({ name, value }) => [name, value]))
  const signature = findSignature(url.hostname, values)
  if (!signature) return { sourceKey: hash('sha256', href), host: url.host, expiresAt: undefined }
  const kept = parameters.filter(({ name }) => !signature.signs(name)).map(({ raw }) => raw)
  const unsigned = href.slice(0, start) + (kept.length > 0 ? `?${kept.join('&')}` : '')
  return { sourceKey: hash('sha256', unsigned), host: url.host, expiresAt: signature.expiresAt(values) }
}

/** Adds https to a protocol-relative URL (`//host/picture`). Leaves any other URL unchanged. */
export function withScheme(url: string): string {
  return /^\s*\/\/[^/\s]/.test(url) ? `https:${url.trimStart()}` : url
}

interface Parameter {
  /** Exactly as in the URL: parameters that are kept are not altered. */
  readonly raw: string
  /** Lower case. */
  readonly name: string
  readonly value: string
}

function readParameters(query: string): Parameter[] {
  return query
    .split('&')
    .filter((raw) => raw !== '')
    .map((raw) => {
      const equals = raw.indexOf('=')
      return equals < 0
        ? { raw, name: decode(raw).toLowerCase(), value: '' }
        : { raw, name: decode(raw.slice(0, equals)).toLowerCase(), value: decode(raw.slice(equals + 1)) }
    })
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function withoutFragment(href: string): string {
  const start = href.indexOf('#')
  return start < 0 ? href : href.slice(0, start)
}
