/** The server's response cannot be parsed as HTTP. An immediate retry would get the same response. */
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
