import { FetchError } from '@mediakeep/content'
import type { Dispatcher } from 'undici'
import { ConnectionError } from './connection-error.ts'
import type { Connection } from './connections.ts'
import { type Head, readHead } from './head.ts'
import type { StallTimer } from './stall-timer.ts'

/** Takes a body's bytes as they come off the wire. */
export interface Receiver {
  /** @returns what to wait for before more bytes @throws to end the exchange */
  write(chunk: Buffer): Promise<void> | undefined
  /** Whether a chunk is of no more use to it when `write` returns. */
  readonly copies?: boolean
}

/** Past the client, a byte costs half; but the connection has to be made anew for the next file. */
const DIVERTED_BYTES = 8 * 1024 * 1024

export interface ExchangeRequest {
  /** Path and query. */
  readonly path: string
  /** Names and values in turn. */
  readonly headers: string[]
}

/**
 * One GET and its response, on one connection. Whoever calls releases the connection when this resolves; when it
 * rejects, the connection is gone.
 * @param receive is shown the head (never a 1xx) and says where the body goes; what it throws is thrown here
 * @returns the head, once the body has come whole, by what the server announced
 * @throws ConnectionError when the connection failed or the body was cut; the reason of the timer's signal
 */
export function exchange(
  connection: Connection,
  request: ExchangeRequest,
  timer: StallTimer,
  receive: (head: Head) => Receiver,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(connection, timer, receive, { resolve, reject })
    connection.client.dispatch({ method: 'GET', path: request.path, headers: request.headers }, handler)
  })
}

interface Outcome {
  resolve(head: Head): void
  reject(error: unknown): void
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #connection: Connection
  readonly #timer: StallTimer
  readonly #receive: (head: Head) => Receiver
  readonly #outcome: Outcome
  #head: Head | undefined
  #receiver: Receiver | undefined
  #received = 0
  /** Writes that the receiver has not done with. */
  #waiting = 0
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
    timer.signal.addEventListener('abort', this.#onAbort)
    if (timer.signal.aborted) this.#onAbort()
  }

  onRequestStart(): void {
    // dispatch() takes a handler for one only if it has this.
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Head['headers'],
  ): void {
    if (this.#isOver || status < 200) return
    this.#timer.expect('body')
    this.#attempt(() => {
      this.#head = readHead(status, headers)
      this.#receiver = this.#receive(this.#head)
      const isLarge = this.#head.framing === 'length' && this.#head.length! >= DIVERTED_BYTES
      if (isLarge && this.#receiver.copies) this.#connection.divert((bytes) => this.#onDiverted(bytes))
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return
    const ready = this.#pass(chunk)
    if (!ready) return
    controller.pause()
    this.#waitFor(ready, () => controller.resume())
  }

  onResponseEnd(): void {
    if (this.#isOver) return
    const head = this.#head!
    // undici takes a reset for the end of a body without a length.
    const isCut =
      (head.framing === 'close' && !this.#connection.endedInOrder) ||
      (head.framing === 'length' && head.length !== this.#received)
    if (isCut) {
      this.#fail(new ConnectionError('truncated', `the body was cut after ${this.#received} bytes`))
      return
    }
    this.#finish()
    this.#outcome.resolve(head)
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#fail(
      error instanceof ConnectionError || error instanceof FetchError ? error : toConnectionError(error),
    )
  }

  /** @returns whether more may come at once */
  #onDiverted(bytes: Buffer): boolean {
    if (this.#isOver) return false
    const head = this.#head!
    const ready = this.#pass(bytes.subarray(0, head.length! - this.#received))
    if (ready) this.#waitFor(ready, () => this.#connection.resume())
    if (this.#received === head.length) {
      this.#finish()
      this.#connection.destroy()
      this.#outcome.resolve(head)
    }
    return this.#waiting === 0
  }

  #pass(chunk: Buffer): Promise<void> | undefined {
    this.#received += chunk.byteLength
    this.#timer.count(chunk.byteLength)
    return this.#attempt(() => this.#receiver!.write(chunk))
  }

  #waitFor(ready: Promise<void>, resume: () => void): void {
    this.#waiting++
    this.#timer.hold(true)
    ready.then(
      () => {
        if (--this.#waiting > 0 || this.#isOver) return
        this.#timer.hold(false)
        resume()
      },
      (error: unknown) => this.#fail(error),
    )
  }

  #attempt<Result>(step: () => Result): Result | undefined {
    try {
      return step()
    } catch (error) {
      this.#fail(error)
      return undefined
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

function toConnectionError(cause: Error): ConnectionError {
  return new ConnectionError('connection', cause.message, { cause })
}
