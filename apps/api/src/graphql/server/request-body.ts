import type { IncomingMessage } from 'node:http'
import { RequestError } from './request-error.ts'

/** Workers hand in their results by it, each of up to 1 MiB. */
const MAX_BODY_BYTES = 4 * 1024 ** 2

/** Reads a body whole. @throws RequestError when it is too large */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop must not destroy the request: the refusal is still to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES)
      throw new RequestError(413, 'BODY_TOO_LARGE', `A request may have ${MAX_BODY_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
