import { ConnectionError } from './connection-error.ts'
import { type Head, parseHead } from './head.ts'
import { LineReader } from './line-reader.ts'
import { malformed, ResponseError } from './response-error.ts'

/** Close to the limit in browsers and curl, or slightly lower. */
const MAX_HEAD_BYTES = 64 * 1024
/** A chunk's size, and its extensions, which are ignored. */
const MAX_CHUNK_LINE_BYTES = 16 * 1024

export interface ResponseSink {
  /** Called once, never for a 1xx. */
  head(head: Head): void
  /** Part of the body, without chunk framing. The bytes are valid only during the call. */
  body(bytes: Buffer): void
  /** The response is complete. */
  end(): void
}

type State = 'head' | 'length' | 'close' | 'chunk_size' | 'chunk_data' | 'chunk_end' | 'trailers' | 'done'

/** Reads one HTTP/1 response to a GET from bytes that arrive in pieces of any size. */
export class ResponseParser {
  readonly #sink: ResponseSink
  readonly #lines = new LineReader()
  #state: State = 'head'
  #head: string[] = []
  /** Remaining bytes of the body or chunk. */
  #left = 0
  #received = 0
  #hasExtra = false

  constructor(sink: ResponseSink) {
    this.#sink = sink
  }

  /** True if bytes arrived that are not part of the response. */
  get hasExtra(): boolean {
    return this.#hasExtra
  }

  /** @throws ResponseError, and any error of the sink */
  feed(bytes: Buffer): void {
    for (let next = 0; next < bytes.byteLength;) next = this.#step(bytes, next)
  }

  /** Called when the server closes the connection cleanly. @throws ConnectionError unless the response may end here */
  close(): void {
    if (this.#state === 'close' || this.#state === 'trailers') {
      this.#end()
      return
    }
    if (this.#state === 'head') {
      throw new ConnectionError('connection', 'the server closed the connection before it answered')
    }
    throw this.cut()
  }

  cut(): ConnectionError {
    return new ConnectionError('truncated', `the body was cut after ${this.#received} bytes`)
  }

  #step(bytes: Buffer, next: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, next)
      case 'length':
      case 'chunk_data':
        return this.#readBody(bytes, next, Math.min(bytes.byteLength - next, this.#left))
      case 'close':
        return this.#readBody(bytes, next, bytes.byteLength - next)
      case 'chunk_size':
        return this.#readChunkSize(bytes, next)
      case 'chunk_end':
        return this.#readChunkEnd(bytes, next)
      case 'trailers':
        return this.#readTrailers(bytes, next)
      case 'done':
        this.#hasExtra = true
        return bytes.byteLength
    }
  }

  #readHead(bytes: Buffer, start: number): number {
    const { line, next } = this.#lines.read(bytes, start, MAX_HEAD_BYTES, headTooLarge)
    if (line === undefined) return next
    if (line !== '') this.#head.push(line)
    else if (this.#head.length > 0) this.#begin(parseHead(this.#head))
    // Checking the first line at once detects servers that do not speak HTTP.
    if (this.#head.length === 1 && line !== '') parseHead(this.#head)
    return next
  }

  #begin(head: Head): void {
    this.#lines.reset()
    this.#head = []
    if (head.status === 101) throw malformed('it switches protocols (101)')
    if (head.status < 200) return
    this.#left = head.length ?? 0
    this.#state = head.framing === 'chunked' ? 'chunk_size' : head.framing
    this.#sink.head(head)
    if (head.framing === 'length' && this.#left === 0) this.#end()
  }

  #readBody(bytes: Buffer, start: number, length: number): number {
    this.#received += length
    this.#left -= length
    this.#sink.body(bytes.subarray(start, start + length))
    if (this.#left === 0) {
      if (this.#state === 'length') this.#end()
      else if (this.#state === 'chunk_data') this.#state = 'chunk_end'
    }
    return start + length
  }

  #readChunkSize(bytes: Buffer, start: number): number {
    const { line, next } = this.#lines.read(bytes, start, MAX_CHUNK_LINE_BYTES, chunkLineTooLong)
    if (line === undefined) return next
    this.#lines.reset()
    const [, size] = /^[ \t]*([0-9a-f]{1,13})[ \t]*(?:;.*)?$/is.exec(line) ?? []
    if (size === undefined) throw malformed(`a chunk begins with ${JSON.stringify(line.slice(0, 40))}`)
    this.#left = Number.parseInt(size, 16)
    this.#state = this.#left === 0 ? 'trailers' : 'chunk_data'
    return next
  }

  #readChunkEnd(bytes: Buffer, start: number): number {
    const { line, next } = this.#lines.read(bytes, start, MAX_CHUNK_LINE_BYTES, chunkLineTooLong)
    if (line === undefined) return next
    if (line !== '') throw malformed('a chunk is longer than it says')
    this.#lines.reset()
    this.#state = 'chunk_size'
    return next
  }

  #readTrailers(bytes: Buffer, start: number): number {
    const { line, next } = this.#lines.read(bytes, start, MAX_HEAD_BYTES, headTooLarge)
    if (line === '') this.#end()
    return next
  }

  #end(): void {
    this.#state = 'done'
    this.#sink.end()
  }
}

function headTooLarge(): ResponseError {
  return new ResponseError(
    'headers_too_large',
    `the headers of the server's answer are larger than ${MAX_HEAD_BYTES / 1024} KiB`,
  )
}

function chunkLineTooLong(): ResponseError {
  return malformed(`the line before a chunk is longer than ${MAX_CHUNK_LINE_BYTES / 1024} KiB`)
}
