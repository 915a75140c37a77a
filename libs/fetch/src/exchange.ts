import type { Connection, ConnectionUser } from './connections.ts'
import type { Head } from './head.ts'
import { ResponseParser, type ResponseSink } from './response-parser.ts'
import type { StallTimer } from './stall-timer.ts'

/** Receives the bytes of a body as they arrive. */
export interface Receiver {
  /**
   * @param chunk is valid only during the call
   * @returns a promise to await before sending more bytes
   * @throws to end the exchange
   */
  write(chunk: Buffer): Promise<void> | undefined
}

export interface ExchangeRequest {
  /** Path and query. */
  readonly path: string
  /** Alternating names and values, without Host and Connection. Each character is one byte. */
  readonly headers: readonly string[]
}

/**
 * One GET and its response, on one connection. When this resolves, the caller releases the connection, which is
 * already closed unless it can be reused; when it rejects, the connection is closed.
 * @param receive receives the head (never a 1xx) and returns the receiver of the body; its errors are thrown here
 * @returns the head, once the whole announced body has arrived
 * @throws ConnectionError if the connection failed or the body was cut off; ResponseError if the response cannot be
 *   read; the reason of the timer's signal
 */
export function exchange(
  connection: Connection,
  request: ExchangeRequest,
  timer: StallTimer,
  receive: (head: Head) => Receiver,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    const user = new Exchange(connection, timer, receive, { resolve, reject })
    user.start(request)
  })
}

interface Outcome {
  resolve(head: Head): void
  reject(error: unknown): void
}

class Exchange implements ConnectionUser, ResponseSink {
  readonly #connection: Connection
  readonly #timer: StallTimer
  readonly #receive: (head: Head) => Receiver
  readonly #outcome: Outcome
  readonly #parser = new ResponseParser(this)
  #head: Head | undefined
  #receiver: Receiver | undefined
  /** Writes that the receiver has not finished. */
  #waiting = 0
  #isWhole = false
  #isOver = false

  constructor(
    connection: Connection,
    timer: StallTimer,
    receive: (head: Head) => Receiver,
    outcome: Outcome,
  ) {
    this.#connection = connection
    this.#timer = timer
    this.#receive = receive
    this.#outcome = outcome
  }

  start({ path, headers }: ExchangeRequest): void {
    const { signal } = this.#timer
    if (signal.aborted) {
      this.#onAbort()
      return
    }
    signal.addEventListener('abort', this.#onAbort)
    const fields = ['host', this.#connection.host, 'connection', 'keep-alive', ...headers]
    this.#connection.send(requestText(path, fields), this)
  }

  received(bytes: Buffer): boolean {
    if (this.#isOver) {
      this.#connection.destroy()
      return false
    }
    this.#attempt(() => this.#parser.feed(bytes))
    if (this.#isWhole) this.#complete()
    // Keep reading on a connection that returns to the pool, so that its end is noticed.
    return this.#waiting === 0 || this.#isWhole
  }

  ended(): void {
    if (this.#isOver) return
    this.#attempt(() => this.#parser.close())
    if (this.#isWhole) this.#complete()
  }

  failed(error: Error): void {
    this.#fail(error)
  }

  head(head: Head): void {
    this.#timer.expect('body')
    this.#head = head
    this.#receiver = this.#receive(head)
  }

  body(bytes: Buffer): void {
    this.#timer.count(bytes.byteLength)
    const ready = this.#receiver!.write(bytes)
    if (!ready) return
    this.#waiting++
    this.#timer.hold(true)
    ready.then(
      () => this.#resume(),
      (error: unknown) => this.#fail(error),
    )
  }

  end(): void {
    this.#isWhole = true
  }

  #resume(): void {
    if (--this.#waiting > 0 || this.#isOver) return
    this.#timer.hold(false)
    this.#connection.resume()
  }

  #complete(): void {
    const head = this.#head!
    this.#finish()
    if (!head.keepsConnection || this.#parser.hasExtra) this.#connection.destroy()
    this.#outcome.resolve(head)
  }

  #attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly #onAbort = (): void => this.#fail(this.#timer.signal.reason)

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#finish()
    this.#connection.destroy()
    this.#outcome.reject(error)
  }

  #finish(): void {
    this.#isOver = true
    this.#timer.signal.removeEventListener('abort', this.#onAbort)
  }
}

/** @throws TypeError for a line break in a value: it would start another header */
function requestText(path: string, fields: readonly string[]): string {
  let text = `GET ${path} HTTP/1.1\r\n`
  for (let at = 0; at < fields.length; at += 2) text += `${fields[at]!}: ${fields[at + 1]!}\r\n`
  if (/[\0\r\n]/.test([path, ...fields].join('')))
    throw new TypeError('A request header contains a line break')
  return `${text}\r\n`
}
