import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Limits for reading the rest of a body, in time and bytes. */
const LINGER_MS = 10_000
const LINGER_BYTES = 64 * 1024 ** 2

/**
 * Answers a request whose body may still be arriving. Closing the connection while the client sends would reset it, and
 * most clients then report a network failure instead of the answer. So this sends the whole answer at once, reads and
 * discards the rest of the body for a while, and only then closes the connection.
 */
export function answerEarly(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string,
): void {
  const request = response.req
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  if (request.complete || request.destroyed || !hasBody(request.headers)) {
    response.end(body)
    return
  }
  response.write(body)
  let read = 0
  const timer = setTimeout(() => response.end(), LINGER_MS).unref()
  const end = (): void => {
    clearTimeout(timer)
    response.end()
  }
  request.on('data', (chunk: Buffer) => {
    read += chunk.byteLength
    if (read > LINGER_BYTES) end()
  })
  request.once('end', end)
  request.once('close', end)
  request.on('error', end)
  request.resume()
}

function hasBody(headers: ServerResponse['req']['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
