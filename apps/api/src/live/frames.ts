import { compareCursors, type EventCursor } from '@mediakeep/events'

/** One result as it goes over the wire, the same for all who asked the same. */
export interface Frame {
  readonly cursor: EventCursor
  readonly bytes: Buffer
  /** Nothing follows it. */
  readonly isLast: boolean
}

/** What one client is sent at once: a copy of its own, until it has read it. */
const MAX_SENT_BYTES = 64 * 1024

/** The latest frames of a group: whoever comes back soon is served from here. */
export interface RecentFrames {
  /** All frames behind this place are here. */
  readonly begin: EventCursor
  add(frames: readonly Frame[]): void
  /** The next frames behind a place, of a bounded size; `isAll`: nothing follows them. */
  after(cursor: EventCursor): { readonly frames: readonly Frame[]; readonly isAll: boolean }
}

/** @param maxBytes how much may be kept, asked at each addition */
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
