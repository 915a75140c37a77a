import type { IncomingMessage } from 'node:http'
import { badRequest, RequestError } from './request-error.ts'

/** Workers submit several results in one body, each of up to 1 MiB. */
const MAX_BODY_BYTES = 4 * 1024 ** 2

/** Reads the whole body. @throws RequestError when it is too large or incomplete */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of chunksOf(request)) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES)
      throw new RequestError(413, 'BODY_TOO_LARGE', `A request may have ${MAX_BODY_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    // Leaving the loop must not destroy the request, because the refusal has yet to be sent.
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch (error) {
    if (request.errored) throw badRequest('The body broke off.')
    throw error
  }
}
