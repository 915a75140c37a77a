/** The server's answer cannot be read as HTTP. Asking again at once would bring the same answer. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError'
  readonly code: 'malformed_response' | 'headers_too_large'

  constructor(code: ResponseError['code'], message: string) {
    super(message)
    this.code = code
  }
}

export function malformed(reason: string): ResponseError {
  return new ResponseError('malformed_response', `the server's answer is not valid HTTP: ${reason}`)
}
