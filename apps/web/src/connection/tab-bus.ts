import type { Connection, StatusChange } from './follow-changes.ts'

/** Messages between the tabs of one browser that show the same server to the same user. */
type TabMessage =
  /** The leader has received a change. `previous` is the cursor before it, so that tabs notice missed changes. */
  | { readonly kind: 'change'; readonly previous: string | undefined; readonly change: StatusChange }
  /** The leader is alive. Sent regularly, on request, and when its state changes. */
  | { readonly kind: 'beat'; readonly cursor: string | undefined; readonly state: Connection }
  /** A tab asks the leader for a beat. */
  | { readonly kind: 'hello' }
  /** A tab wants to lead. */
  | { readonly kind: 'claim' }
  /** The leader steps down. */
  | { readonly kind: 'bye' }

export type Received = TabMessage & { readonly from: string }

/** A broadcast channel on which each tab has an id. */
export class TabBus {
  // `crypto.randomUUID` exists only on https and on localhost.
  readonly id = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-')
  readonly #channel: BroadcastChannel
  readonly #listeners = new Set<(message: Received) => void>()

  constructor(name: string) {
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = ({ data }: MessageEvent<Received>) => {
      for (const listener of this.#listeners) listener(data)
    }
  }

  post(message: TabMessage): void {
    this.#channel.postMessage({ ...message, from: this.id } satisfies Received)
  }

  /** @returns a function that stops listening */
  listen(listener: (message: Received) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves to the first message that matches, or to undefined when the signal aborts or after `ms` milliseconds. */
  next(
    fits: (message: Received) => boolean,
    signal: AbortSignal,
    ms?: number,
  ): Promise<Received | undefined> {
    return new Promise((resolve) => {
      const end = (message?: Received): void => {
        clearTimeout(timer)
        stopListening()
        signal.removeEventListener('abort', onAbort)
        resolve(message)
      }
      const onAbort = (): void => end()
      const timer = ms === undefined ? undefined : setTimeout(end, ms)
      const stopListening = this.listen((message) => fits(message) && end(message))
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) end()
    })
  }

  close(): void {
    this.#listeners.clear()
    this.#channel.close()
  }
}
