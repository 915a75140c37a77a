import type { EventCursor, ImportChange, MediaChange } from '@mediakeep/events'

/** One change of the event log, as subscription fields resolve it. */
export type LiveChange = {
  readonly cursor: EventCursor
  readonly changedAt: Date
} & (
  | { readonly kind: 'media'; readonly change: MediaChange }
  | { readonly kind: 'import'; readonly change: ImportChange }
)

/** What a subscription is about. */
export interface Topic {
  matches(change: LiveChange, mediaTypes: ReadonlyMap<string, string>): boolean
  /** Whether `matches` wants to know the types of media. */
  readonly needsMediaTypes: boolean
  /** Whether nothing follows it. */
  isLast(change: LiveChange): boolean
}

/** What a subscription field asks the server to stream. */
export interface Opening {
  readonly topic: Topic
  /** Undefined: from now on. */
  readonly after: EventCursor | undefined
  /** What is sent before anything else, as it stands now. It was read later than `after`, or steps would be missed. */
  readonly first?: Omit<LiveChange, 'cursor'> | undefined
  /** Nothing follows this number. */
  readonly through?: number | undefined
}

const openings = new WeakMap<object, Opening>()

/**
 * What the `subscribe` of a field returns. The stream is not iterated: the server takes the opening from the
 * request's context, and serves all that ask for the same from one execution.
 */
export function openStream(context: object, opening: Opening): AsyncIterable<LiveChange> {
  openings.set(context, opening)
  return {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  }
}

/** What the subscription of a request's context opened. */
export function openingOf(context: object): Opening | undefined {
  return openings.get(context)
}
