import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { EventCursor } from '@mediakeep/events'
import { joined, type Frame } from './frames.ts'
import type { Framing } from './framing.ts'

/** Bytes buffered in this process for one client that does not read, not counting what clients share. */
const MAX_BUFFERED_BYTES = 64 * 1024

/** One open stream. */
export interface LiveClient {
  isOpen(): boolean
  /** True while too much of what was sent is still unread; do not send more. */
  isBehind(): boolean
  /** The position up to which the client was served while it is not served together with its group. */
  cursor: EventCursor
  /** Sends frames, and ends the stream after the last frame of the subscription. */
  sendFrames(frames: readonly Frame[]): void
  send(bytes: Buffer | string): void
  complete(): void
  /** Ends the stream without `complete`: clients that support it reconnect with their cursor. */
  end(): void
  /** Resolves when the client has caught up or left. Disconnects a client that reads nothing for `stallMs`. */
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
