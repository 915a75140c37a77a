import { FetchError } from '@mediakeep/content'

export interface Limits {
  /** Time limit for the head of a response, and window for measuring the body's rate. */
  readonly timeoutMs: number
  /** Limit for the whole fetch with redirects and retries, plus the time its bytes take at the minimum rate. */
  readonly deadlineMs: number
  readonly minBytesPerSecond: number
}

const TICKS_PER_WINDOW = 8
/** The maximum delay of a Node timer. */
const MAX_TIMER_MS = 2 ** 31 - 1

type Phase = 'rest' | 'head' | 'body'

/**
 * The time limits of one fetch. Per-read timeouts never stop a server that sends a byte now and then, or endless 1xx
 * heads; a deadline for the head, a minimum rate over a sliding window and a total deadline do. Received bytes extend
 * the total deadline, so it never stops a body that keeps the rate; eventually the size limit does.
 */
export class StallTimer {
  readonly #limits: Limits
  readonly #what: string
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #startedAt = performance.now()
  readonly #ticker: NodeJS.Timeout
  #deadline: NodeJS.Timeout
  #phase: Phase = 'rest'
  #isHeld = false
  #bytes = 0
  #bytesInTick = 0
  /** Bytes per tick, oldest first; covers at most one window. */
  #ticks: number[] = []

  /** @param what names the URL in messages */
  constructor(what: string, limits: Limits, outer?: AbortSignal) {
    this.#what = what
    this.#limits = limits
    this.#outer = outer
    this.#deadline = this.#wait(limits.deadlineMs)
    this.#ticker = setInterval(() => this.#tick(), limits.timeoutMs / TICKS_PER_WINDOW)
    outer?.addEventListener('abort', this.#onOuterAbort)
    if (outer?.aborted) this.#onOuterAbort()
  }

  /** Aborts with a FetchError (`stalled`, `deadline`), or with the reason of the caller's signal. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Starts a phase: `head` must end within the timeout, `body` must keep the rate, `rest` is our own work. */
  expect(phase: Phase): void {
    this.#phase = phase
    this.#isHeld = false
    this.#bytesInTick = 0
    this.#ticks = []
  }

  /** While we are not reading, the server is not blamed for the silence. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
  }

  count(bytes: number): void {
    this.#bytes += bytes
    this.#bytesInTick += bytes
  }

  stop(): void {
    clearTimeout(this.#deadline)
    clearInterval(this.#ticker)
    this.#outer?.removeEventListener('abort', this.#onOuterAbort)
  }

  #tick(): void {
    if (this.#phase === 'rest' || this.#isHeld) return
    this.#ticks.push(this.#bytesInTick)
    this.#bytesInTick = 0
    if (this.#ticks.length > TICKS_PER_WINDOW) this.#ticks.shift()
    if (this.#ticks.length < TICKS_PER_WINDOW) return
    const { timeoutMs, minBytesPerSecond } = this.#limits
    const bytes = this.#ticks.reduce((sum, tick) => sum + tick, 0)
    if (this.#phase === 'head') {
      this.#abort('stalled', `no response within ${timeoutMs} ms (DOWNLOAD_TIMEOUT_MS)`)
    } else if (bytes < (minBytesPerSecond * timeoutMs) / 1000) {
      const rate = `slower than ${minBytesPerSecond} bytes/s over ${timeoutMs} ms (DOWNLOAD_TIMEOUT_MS)`
      this.#abort('stalled', `the server sent ${bytes} bytes, ${rate}`)
    }
  }

  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#expire(), Math.min(ms, MAX_TIMER_MS))
  }

  #expire(): void {
    const { deadlineMs, minBytesPerSecond } = this.#limits
    const earnedMs = minBytesPerSecond > 0 ? (this.#bytes * 1000) / minBytesPerSecond : 0
    const leftMs = this.#startedAt + deadlineMs + earnedMs - performance.now()
    if (leftMs > 0) {
      this.#deadline = this.#wait(leftMs)
      return
    }
    const allowed = `within ${deadlineMs} ms (DOWNLOAD_DEADLINE_MS) and ${Math.round(earnedMs)} ms for its bytes`
    this.#abort('deadline', `not complete ${allowed}`)
  }

  #abort(code: string, reason: string): void {
    this.#controller.abort(new FetchError('failed', code, `${this.#what}: ${reason}`))
  }

  readonly #onOuterAbort = (): void => this.#controller.abort(this.#outer?.reason)
}
