import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { EventCursor } from '@mediakeep/events'
import { joined, type Frame } from './frames.ts'
import type { Framing } from './framing.ts'

/** What may lie in this process for one client that does not read, beside what is shared with the others. */
const MAX_BUFFERED_BYTES = 64 * 1024

/** One open stream. */
export interface LiveClient {
  isOpen(): boolean
  /** Whether it has not read what was sent before: it must not be sent more. */
  isBehind(): boolean
  /** Up to where it was served, while it is not served with the others of its group. */
  cursor: EventCursor
  /** Ends the stream behind the last of all frames. */
  sendFrames(frames: readonly Frame[]): void
  send(bytes: Buffer | string): void
  complete(): void
  /** Ends without `complete`: a client that can will come again with its cursor. */
  end(): void
  /** Resolves when it has read, or is gone; one that reads nothing for `stallMs` is cut off. */
  drained(stallMs: number): Promise<void>
}

export function openClient(response: ServerResponse, framing: Framing, cursor: EventCursor): LiveClient {
  let isOpen = !response.destroyed
  response.once('close', () => (isOpen = false))
  response.on('error', () => undefined)
  const client: LiveClient = {
    cursor,
    isOpen: () => isOpen,
    isBehind: () => response.writableLength > MAX_BUFFERED_BYTES,
    sendFrames(frames) {
      if (frames.length > 0) response.write(joined(frames))
      if (frames.at(-1)?.isLast) client.complete()
    },
    send: (bytes) => void response.write(bytes),
    complete() {
      isOpen = false
      response.end(framing.complete)
    },
    end() {
      isOpen = false
      response.end()
    },
    async drained(stallMs) {
      const signal = AbortSignal.timeout(stallMs)
      const settled = new AbortController()
      const either = AbortSignal.any([signal, settled.signal])
      await Promise.race([
        once(response, 'drain', { signal: either }),
        once(response, 'close', { signal: either }),
      ])
        .catch(() => response.destroy())
        .finally(() => settled.abort())
    },
  }
  return client
}
