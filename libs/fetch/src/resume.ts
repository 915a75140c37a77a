import { ConnectionError } from './connection-error.ts'
import type { Receiver } from './exchange.ts'
import { type Head, header } from './head.ts'

/** What is needed to ask for the rest of a body. */
export interface Resumable {
  /** The URL that answered, after redirects. */
  readonly url: string
  /** For If-Range: a strong ETag, or a Last-Modified that is old enough to be one. */
  readonly validator: string
  readonly total: number | undefined
}

/** @returns undefined when the server gave nothing by which the rest could be told to be of the same file */
export function resumable(url: string, head: Head): Resumable | undefined {
  const validator = strongEtag(head) ?? settledLastModified(head)
  if (validator === undefined || header(head, 'accept-ranges') === 'none') return undefined
  return { url, validator, total: head.length }
}

function strongEtag(head: Head): string | undefined {
  const etag = header(head, 'etag')
  return etag !== undefined && /^"[\x21\x23-\x7e]*"$/.test(etag) ? etag : undefined
}

/** A file that changed within the second of the answer may have changed again in the same second (RFC 9110, 8.8.2.2). */
function settledLastModified(head: Head): string | undefined {
  const modified = header(head, 'last-modified')
  const age = Date.parse(header(head, 'date') ?? '') - Date.parse(modified ?? '')
  return age >= 1000 && /^[\x20-\x7e]+$/.test(modified!) ? modified : undefined
}

export function rangeHeaders(from: number, { validator }: Resumable): string[] {
  return ['range', `bytes=${from}-`, 'if-range', validator]
}

/**
 * @returns how many bytes the rest has
 * @throws ConnectionError (`range`) unless the answer 206 is exactly the rest of the same file
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

/** Passes a rest on, and holds the server to its length: chunks may end in order, and too early. */
export class RestReceiver implements Receiver {
  readonly #receiver: Receiver
  #left: number

  constructor(receiver: Receiver, byteSize: number) {
    this.#receiver = receiver
    this.#left = byteSize
  }

  /** @throws ConnectionError (`range`) when it is more than the rest, so that the beginning is not to be trusted either */
  write(chunk: Buffer): Promise<void> | undefined {
    this.#left -= chunk.byteLength
    if (this.#left < 0)
      throw new ConnectionError('range', 'asked for the rest, the server sent more than that')
    return this.#receiver.write(chunk)
  }

  /** @throws ConnectionError when it is not all of the rest */
  finish(): void {
    if (this.#left > 0) throw new ConnectionError('truncated', `the rest ended ${this.#left} bytes early`)
  }
}
