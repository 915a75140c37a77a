import { FetchError } from '@mediakeep/content'

interface Wait {
  /** Who answered, as its URL names it: `host`, or `host:port` where the port is not the scheme's own. */
  readonly host: string
  readonly retryAfterMs: number
  readonly cause?: unknown
}

/** A host asked to be left alone; after a redirect it is another than that of the URL asked for. */
export class AskedToWait extends FetchError {
  readonly host: string
  declare readonly retryAfterMs: number

  constructor(code: string, message: string, { host, retryAfterMs, cause }: Wait) {
    super('failed', code, message, { retryAfterMs, cause })
    this.host = host
  }
}
