import { Broken } from './broken.ts'
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

/** @throws Broken (`range`) unless the answer 206 is exactly the rest of the same file */
export function checkRest(head: Head, from: number, part: Resumable): void {
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
  if (!isRest) throw new Broken('range', `asked for the bytes from ${from} on, the server sent "${value}"`)
}
