import { setTimeout as sleep } from 'node:timers/promises'
import { FetchError, type FetchedFile, type FetchOptions } from '@mediakeep/content'
import { ask } from './ask.ts'
import { ConnectionError, NotConnectedError } from './connection-error.ts'
import { CookieJar } from './cookie-jar.ts'
import { displayUrl } from './display-url.ts'
import { FileSink } from './file-sink.ts'
import { header, rawHeader } from './head.ts'
import { locationUrl } from './location.ts'
import type { Progress, Reply } from './reply.ts'
import type { FetcherContext } from './fetcher-context.ts'
import { ResponseError } from './response-error.ts'
import { refusal } from './status.ts'
import { guardUrl, type Target } from './url-guard.ts'
import { StallTimer } from './stall-timer.ts'

const MAX_REDIRECTS = 10
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MAX_TRIES = 4
const FIRST_BACKOFF_MS = 100

/**
 * Fetches the URL `text` into the file `path`; on failure, no file is left.
 * @throws FetchError, or the reason of `signal`
 */
export async function download(
  context: FetcherContext,
  text: string,
  path: string,
  signal?: AbortSignal,
  options?: FetchOptions,
): Promise<FetchedFile> {
  signal?.throwIfAborted()
  const start = guardUrl(text, context.allowed)
  const what = displayUrl(start.url)
  const timer = new StallTimer(what, context.limits, signal)
  const sink = new FileSink(path, context.maxBytes, what, context.room)
  try {
    return await new Download(context, start, timer, { sink, part: undefined }, options).run()
  } catch (error) {
    await sink.discard()
    if (error instanceof FetchError) throw naming(what, error)
    timer.signal.throwIfAborted()
    const isExpected = error instanceof ConnectionError || error instanceof ResponseError
    throw isExpected ? giveUp(what, error) : error
  } finally {
    timer.stop()
  }
}

/** After a redirect, an error names the URL where it happened; this adds the original URL. */
function naming(what: string, error: FetchError): FetchError {
  const { fate, code, message, retryAfterMs, host } = error
  if (message.startsWith(what)) return error
  return new FetchError(fate, code, `${what}: ${message}`, { retryAfterMs, host, cause: error })
}

function giveUp(what: string, cause: ConnectionError | ResponseError): FetchError {
  return new FetchError('failed', cause.code, `${what}: ${cause.message}`, { cause })
}

class Download {
  readonly #context: FetcherContext
  readonly #start: Target
  readonly #timer: StallTimer
  readonly #progress: Progress
  readonly #options: FetchOptions | undefined
  readonly #cookies = new CookieJar()

  constructor(
    context: FetcherContext,
    start: Target,
    timer: StallTimer,
    progress: Progress,
    options?: FetchOptions,
  ) {
    this.#context = context
    this.#start = start
    this.#timer = timer
    this.#progress = progress
    this.#options = options
  }

  async run(): Promise<FetchedFile> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#try()
      } catch (error) {
        if (!this.#isWorthAnotherTry(error) || tries === MAX_TRIES) throw error
        if (error.code === 'range') this.#progress.part = undefined
        this.#timer.expect('rest')
        await sleep(FIRST_BACKOFF_MS * 2 ** (tries - 1), undefined, { signal: this.#timer.signal })
      }
    }
  }

  /** If a host cannot be reached, a later attempt retries it, unless part of the file has already arrived. */
  #isWorthAnotherTry(error: unknown): error is ConnectionError {
    return (
      error instanceof ConnectionError &&
      !(error instanceof NotConnectedError && this.#progress.sink.byteSize === 0)
    )
  }

  async #try(): Promise<FetchedFile> {
    if (this.#progress.sink.byteSize === 0) this.#progress.part = undefined
    const { part } = this.#progress
    let target = part ? guardUrl(part.url, this.#context.allowed) : this.#start
    const visited = new Set<string>()
    for (;;) {
      const cookie = this.#cookies.headerFor(target.url)
      visited.add(visit(target.url, cookie))
      const reply = await ask(this.#context, { target, cookie }, this.#timer, this.#progress)
      this.#cookies.store(target.url, reply.head?.headers.get('set-cookie'))
      const location = redirection(reply)
      if (location === undefined) return await this.#conclude(reply, target)
      target = this.#redirect(target, location, visited)
    }
  }

  #redirect(from: Target, location: string, visited: ReadonlySet<string>): Target {
    const what = displayUrl(this.#start.url)
    const url = locationUrl(location, from.url)
    if (!url) throw new FetchError('rejected', 'redirect', `${what}: redirected to an invalid URL`)
    url.hash = ''
    if (visited.has(visit(url, this.#cookies.headerFor(url)))) {
      throw new FetchError('rejected', 'redirect_loop', `${what}: redirected in a circle`)
    }
    if (visited.size > MAX_REDIRECTS) {
      throw new FetchError('rejected', 'too_many_redirects', `${what}: more than ${MAX_REDIRECTS} redirects`)
    }
    return guardUrl(url.href, this.#context.allowed)
  }

  async #conclude(reply: Reply, target: Target): Promise<FetchedFile> {
    const { sink } = this.#progress
    const head = reply.head!
    const what = displayUrl(target.url)
    if (reply.errorBody) {
      const { host } = target.url
      throw refusal(head, { what, host, expiresAt: this.#expiry(target), body: reply.errorBody.text })
    }
    await reply.finish()
    if (sink.byteSize === 0) throw new FetchError('rejected', 'empty', `${what}: the file is empty`)
    const finished = await sink.finish(this.#options)
    const claimedMimeType = header(head, 'content-type')
    return { ...finished, claimedMimeType, lengthVerified: head.framing !== 'close' }
  }

  #expiry(target: Target): Date | undefined {
    const { expiresAt } = this.#context
    return expiresAt?.(target.url.href) ?? expiresAt?.(this.#start.url.href)
  }
}

function redirection({ head, errorBody }: Reply): string | undefined {
  return errorBody && head && REDIRECTS.has(head.status) ? rawHeader(head, 'location') : undefined
}

/** Key for loop detection: the same URL with a different cookie is not a loop. */
function visit(url: URL, cookie: string | undefined): string {
  return `${url.href}\n${cookie ?? ''}`
}
