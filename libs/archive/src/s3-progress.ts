import type { Readable } from 'node:stream'
import { ArchiveError } from '@mediakeep/content'

/** A store slower than this counts as unresponsive. 32 KiB/s. */
export const SLOWEST_BYTES_PER_MS = (32 * 1024) / 1000

/**
 * The chunks of an answer. Only time spent waiting for the store counts: the reader may take as long as it likes.
 *
 * @throws ArchiveError if less than the minimum arrives over `windowMs` of waiting
 */
export async function* withProgress(
  body: Readable,
  what: string,
  windowMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  let [waitedMs, byteSize] = [0, 0]
  // Destroying the body ends the wait; the socket's own timeout covers silence, not a trickle.
  const onStall = (): void => void body.destroy(stalled(what, windowMs))
  try {
    for (;;) {
      const from = performance.now()
      const timer = setTimeout(onStall, Math.max(0, windowMs - waitedMs))
      const next = await chunks.next().finally(() => clearTimeout(timer))
      if (next.done === true) return
      waitedMs += performance.now() - from
      byteSize += next.value.byteLength
      if (byteSize >= windowMs * SLOWEST_BYTES_PER_MS) [waitedMs, byteSize] = [0, 0]
      yield next.value
    }
  } finally {
    body.destroy()
  }
}

function stalled(what: string, windowMs: number): ArchiveError {
  return new ArchiveError('timeout', `${what}: the answer came slower than 32 KiB/s for ${windowMs} ms`, {
    retryable: true,
  })
}
