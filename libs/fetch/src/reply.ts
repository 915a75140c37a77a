import { decoding, type FinishingReceiver } from './decoder.ts'
import { ConnectionError } from './connection-error.ts'
import type { Receiver } from './exchange.ts'
import { type FileSink, tooLarge } from './file-sink.ts'
import type { Head } from './head.ts'
import { ErrorBody } from './error-body.ts'
import { checkRest, RestReceiver, resumable, type Resumable } from './resume.ts'

/** Progress of one fetch. */
export interface Progress {
  readonly sink: FileSink
  /** Set while the sink holds the beginning of a body that can be resumed. */
  part: Resumable | undefined
}

/** One response: its head determines where its body goes. */
export class Reply {
  readonly #url: string
  readonly #what: string
  readonly #maxBytes: number
  readonly #progress: Progress
  #decoder: FinishingReceiver | undefined
  #rest: RestReceiver | undefined
  #head: Head | undefined
  #errorBody: ErrorBody | undefined

  /** @param what names the URL in messages */
  constructor(url: string, what: string, maxBytes: number, progress: Progress) {
    this.#url = url
    this.#what = what
    this.#maxBytes = maxBytes
    this.#progress = progress
  }

  /** Undefined until a head has arrived. */
  get head(): Head | undefined {
    return this.#head
  }

  /** The beginning of an error response's body; undefined if the body is the file. */
  get errorBody(): ErrorBody | undefined {
    return this.#errorBody
  }

  /** @throws FetchError `too_large`, `encoding` @throws ConnectionError (`range`) if it is not the requested rest */
  receive(head: Head): Receiver {
    this.#head = head
    const { sink, part } = this.#progress
    if (part && head.status === 206) {
      this.#rest = new RestReceiver(sink, checkRest(head, sink.byteSize, part))
      return this.#rest
    }
    if (head.status === 200 || head.status === 203) return this.#receiveWhole(head)
    const isRefusal = head.status >= 400 && head.status < 500 && head.status !== 429
    if (part && isRefusal)
      throw new ConnectionError('range', `asked for the rest, the server answered ${head.status}`)
    this.#errorBody = new ErrorBody()
    return this.#errorBody
  }

  /** Waits for the decoder to finish. @throws ConnectionError if the body ended cleanly but too early */
  async finish(): Promise<void> {
    this.#rest?.finish()
    await this.#decoder?.finish()
  }

  discard(): void {
    this.#decoder?.discard()
  }

  #receiveWhole(head: Head): Receiver {
    const { sink } = this.#progress
    if ((head.length ?? 0) > this.#maxBytes) throw tooLarge(this.#what, this.#maxBytes)
    sink.restart()
    const options = { maxBytes: this.#maxBytes, what: this.#what }
    this.#decoder = decoding(head.headers.get('content-encoding')?.join(','), sink, options)
    // A range counts encoded bytes, and the decoder's state is lost with the connection.
    this.#progress.part = this.#decoder ? undefined : resumable(this.#url, head)
    return this.#decoder ?? sink
  }
}
