/** The way to the server or back broke: worth another try, with what has arrived so far. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError'
  readonly code: string

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

/** No connection came about: another address may do better. */
export class NotConnectedError extends ConnectionError {
  override readonly name = 'NotConnectedError'
}
