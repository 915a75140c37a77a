import { ConnectionError } from './connection-error.ts'
import type { Receiver } from './exchange.ts'
import { type Head, header } from './head.ts'

/** Data needed to request the rest of a body. */
export interface Resumable {
  /** The URL that responded, after redirects. */
  readonly url: string
  /** For If-Range: a strong ETag, or a Last-Modified that is old enough to act as one. */
  readonly validator: string
  readonly total: number | undefined
}

/** @returns undefined if the server sent no validator, so that the rest could belong to a different file */
export function resumable(url: string, head: Head): Resumable | undefined {
  const validator = strongEtag(head) ?? settledLastModified(head)
  if (validator === undefined || header(head, 'accept-ranges') === 'none') return undefined
  return { url, validator, total: head.length }
}

function strongEtag(head: Head): string | undefined {
  const etag = header(head, 'etag')
  return etag !== undefined && /^"[\x21\x23-\x7e]*"$/.test(etag) ? etag : undefined
}

/** A file modified in the same second as the response may have changed again within it (RFC 9110, 8.8.2.2). */
function settledLastModified(head: Head): string | undefined {
  const modified = header(head, 'last-modified')
  const age = Date.parse(header(head, 'date') ?? '') - Date.parse(modified ?? '')
  return age >= 1000 && /^[\x20-\x7e]+$/.test(modified!) ? modified : undefined
}

export function rangeHeaders(from: number, { validator }: Resumable): string[] {
  return ['range', `bytes=${from}-`, 'if-range', validator]
}

/**
 * @returns the length of the rest, in bytes
 * @throws ConnectionError (`range`) unless the 206 response is exactly the rest of the same file
 */
export function checkRest(head: Head, from: number, part: Resumable): number {
  const value = header(head, 'content-range') ?? ''
  const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(value)?.map(Number) ?? []
  const etag = header(head, 'etag')
  const isRest =
    start === from &&
    total !== undefined &&
    end === total - 1 &&
    (part.total ?? total) === total &&
    (head.length ?? total - from) === total - from &&
    (!part.validator.startsWith('"') || etag === undefined || etag === part.validator)
  if (!isRest)
    throw new ConnectionError('range', `asked for the bytes from ${from} on, the server sent "${value}"`)
  return total - from
}

/** Passes the rest on and checks its length: a chunked body may end cleanly but too early. */
export class RestReceiver implements Receiver {
  readonly #receiver: Receiver
  #left: number

  constructor(receiver: Receiver, byteSize: number) {
    this.#receiver = receiver
    this.#left = byteSize
  }

  /** @throws ConnectionError (`range`) if it exceeds the rest, in which case the beginning is not trusted either */
  write(chunk: Buffer): Promise<void> | undefined {
    this.#left -= chunk.byteLength
    if (this.#left < 0)
      throw new ConnectionError('range', 'asked for the rest, the server sent more than that')
    return this.#receiver.write(chunk)
  }

  /** @throws ConnectionError if the rest is incomplete */
  finish(): void {
    if (this.#left > 0) throw new ConnectionError('truncated', `the rest ended ${this.#left} bytes early`)
  }
}
