import { compareCursors, type EventCursor } from '@mediakeep/events'

/** One result as it goes over the wire, the same for all who asked the same. */
export interface Frame {
  readonly cursor: EventCursor
  readonly bytes: Buffer
  /** Nothing follows it. */
  readonly isLast: boolean
}

/** The latest frames of a group: whoever comes back soon is served from here. */
export interface RecentFrames {
  /** All frames behind this place are here. */
  readonly begin: EventCursor
  add(frames: readonly Frame[]): void
  after(cursor: EventCursor): readonly Frame[]
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
      return kept.slice(low)
    },
  }
}

export function joined(frames: readonly Frame[]): Buffer {
  return frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map((frame) => frame.bytes))
}
