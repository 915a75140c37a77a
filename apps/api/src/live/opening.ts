import type { EventCursor, ImportChange, MediaChange } from '@mediakeep/events'

/** One change of the event log, as subscription fields resolve it. */
export type LiveChange = {
  readonly cursor: EventCursor
  readonly changedAt: Date
} & (
  | { readonly kind: 'media'; readonly change: MediaChange }
  | { readonly kind: 'import'; readonly change: ImportChange }
)

/** Selects the changes that a subscription is about. */
export interface Topic {
  matches(change: LiveChange, mediaTypes: ReadonlyMap<string, string>): boolean
  /** True when `matches` needs the media types. */
  readonly needsMediaTypes: boolean
  /** True when no change follows this one. */
  isLast(change: LiveChange): boolean
}

/** A subscription field's request to the server for a stream. */
export interface Opening {
  readonly topic: Topic
  /** Undefined: start at the current end of the log. */
  readonly after: EventCursor | undefined
  /** The current state, sent before anything else. Read it after taking `after`, or changes in between get lost. */
  readonly first?: Omit<LiveChange, 'cursor'> | undefined
  /** The stream ends at this event number. */
  readonly through?: number | undefined
}

const openings = new WeakMap<object, Opening>()

/**
 * Return value for the `subscribe` function of a field. The stream is not iterated: the server takes the opening from
 * the request's context, and serves all identical subscriptions from one execution.
 */
export function openStream(context: object, opening: Opening): AsyncIterable<LiveChange> {
  openings.set(context, opening)
  return {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  }
}

/** Returns the opening that the subscription set on a request's context. */
export function openingOf(context: object): Opening | undefined {
  return openings.get(context)
}
