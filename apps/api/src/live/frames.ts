import { compareCursors, type EventCursor } from '@mediakeep/events'

/** One result in wire format, shared by all clients of a group. */
export interface Frame {
  readonly cursor: EventCursor
  readonly bytes: Buffer
  /** True when nothing follows this frame. */
  readonly isLast: boolean
}

/** Size of one write to a client that is catching up. Each client holds its own copy until it has read it. */
const MAX_SENT_BYTES = 64 * 1024

/** The latest frames of a group, from which clients that reconnect soon are served. */
export interface RecentFrames {
  /** The buffer holds all frames after this position. */
  readonly begin: EventCursor
  add(frames: readonly Frame[]): void
  /** Returns the next frames after a position, up to a size limit; `isAll` is true when no more follow. */
  after(cursor: EventCursor): { readonly frames: readonly Frame[]; readonly isAll: boolean }
}

/** @param maxBytes the size limit, read at each addition */
export function recentFrames(from: EventCursor, maxBytes: () => number): RecentFrames {
  let begin = from
  let bytes = 0
  const kept: Frame[] = []
  return {
    get begin() {
      return begin
    },
    add(frames) {
      for (const frame of frames) {
        kept.push(frame)
        bytes += frame.bytes.byteLength
      }
      const limit = maxBytes()
      let dropped = 0
      while (bytes > limit && dropped < kept.length) {
        begin = kept[dropped]!.cursor
        bytes -= kept[dropped++]!.bytes.byteLength
      }
      if (dropped > 0) kept.splice(0, dropped)
    },
    after(cursor) {
      let [low, high] = [0, kept.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (compareCursors(kept[middle]!.cursor, cursor) <= 0) low = middle + 1
        else high = middle
      }
      let end = low
      for (let size = 0; end < kept.length && size < MAX_SENT_BYTES; end++)
        size += kept[end]!.bytes.byteLength
      return { frames: kept.slice(low, end), isAll: end === kept.length }
    },
  }
}

export function joined(frames: readonly Frame[]): Buffer {
  return frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map((frame) => frame.bytes))
}
