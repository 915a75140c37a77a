/** The connection failed; worth a retry that continues from the bytes received so far. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError'
  readonly code: string

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

/** No connection was established; another address may work. */
export class NotConnectedError extends ConnectionError {
  override readonly name = 'NotConnectedError'
}
