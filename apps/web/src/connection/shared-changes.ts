import type { MediakeepClient } from '@mediakeep/client'
import { electLeader } from './election.ts'
import { followChanges, logEnd, type Connection, type StatusChange } from './follow-changes.ts'
import { TabBus, type Received } from './tab-bus.ts'

const BEAT_MS = 2_000
/** Number of changes to remember, so that a change that arrives twice is reported once. */
const REMEMBERED = 2_000

export interface Watcher {
  readonly onChange: (change: StatusChange) => void
  readonly onState: (state: Connection) => void
  /** Changes were missed and cannot be recovered: everything shown may be out of date. */
  readonly onGap: () => void
}

/**
 * Follows the event log, from now on, over one stream for all tabs of a browser: browsers open six connections to
 * a server, and a stream in each tab would use them up. One visible tab holds the stream and forwards the changes.
 * Each tab knows the last cursor it reached, so that another one can resume the stream where it ended.
 */
export class SharedChanges {
  readonly #client: MediakeepClient
  readonly #name: string
  readonly #watcher: Watcher
  readonly #bus: TabBus
  readonly #ended = new AbortController()
  readonly #seen = new Set<string>()
  /** The end of the log when this tab opened: the stream starts here if this tab leads first. */
  readonly #start: Promise<string | undefined>
  /** Resolves when the end of the log is known, or cannot be read now. Whatever is read afterwards misses no change. */
  readonly started: Promise<undefined>
  #cursor: string | undefined
  #state: Connection | undefined
  #isLeading = false
  #visible: AbortController | undefined

  /** @param name the same in all tabs that show the same server to the same user */
  constructor(client: MediakeepClient, name: string, watcher: Watcher) {
    this.#client = client
    this.#name = name
    this.#watcher = watcher
    this.#bus = new TabBus(name)
    const { signal } = this.#ended
    this.#bus.listen((message) => this.#receive(message))
    this.#bus.post({ kind: 'hello' })
    this.#setState('connecting')
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.started = promise
    this.#start = logEnd(client, signal, (state) => {
      this.#setState(state)
      resolve(undefined)
    })
    void this.#start.then(() => resolve(undefined))
    addEventListener('visibilitychange', () => this.#followVisibility(), { signal })
    addEventListener('pagehide', () => this.#visible?.abort(), { signal })
    addEventListener('pageshow', () => this.#followVisibility(), { signal })
    this.#followVisibility()
  }

  end(): void {
    this.#visible?.abort()
    this.#ended.abort()
    // Close only after the leader's `bye` message has been sent.
    setTimeout(() => this.#bus.close())
  }

  /** A hidden tab listens to the others and holds no stream. */
  #followVisibility(): void {
    if (document.visibilityState !== 'visible') this.#visible?.abort()
    else if (this.#visible === undefined || this.#visible.signal.aborted) {
      this.#visible = new AbortController()
      void electLeader(this.#name, this.#bus, (signal) => this.#lead(signal), this.#visible.signal)
    }
  }

  async #lead(signal: AbortSignal): Promise<void> {
    const after = this.#cursor ?? (await this.#start)
    if (!signal.aborted && after !== undefined) {
      this.#isLeading = true
      this.#remember(after)
      this.#beat()
      const beats = setInterval(() => this.#beat(), BEAT_MS)
      followChanges(this.#client, signal, after, {
        onChange: (change) => this.#passOn(change),
        onState: (state) => this.#setState(state),
        onGap: () => this.#watcher.onGap(),
      })
      await aborted(signal)
      clearInterval(beats)
      this.#isLeading = false
    } else await aborted(signal)
  }

  #passOn(change: StatusChange): void {
    if (this.#seen.has(change.cursor)) return
    this.#bus.post({ kind: 'change', previous: this.#cursor, change })
    this.#remember(change.cursor)
    this.#watcher.onChange(change)
  }

  #beat(): void {
    this.#bus.post({ kind: 'beat', cursor: this.#cursor, state: this.#state ?? 'connecting' })
  }

  #receive(message: Received): void {
    if (message.kind === 'hello' || message.kind === 'claim') {
      if (this.#isLeading) this.#beat()
    } else if (message.kind === 'beat') {
      if (!this.#isLeading) this.#setState(message.state)
      if (message.cursor !== undefined) this.#reach(message.cursor, message.cursor)
    } else if (message.kind === 'change' && !this.#seen.has(message.change.cursor)) {
      this.#watcher.onChange(message.change)
      this.#reach(message.change.cursor, message.previous)
    }
  }

  /** Advances to the leader's cursor. A tab that was not at the previous cursor has missed changes. */
  #reach(cursor: string, previous: string | undefined): void {
    if (this.#seen.has(cursor)) return
    const hasMissed = this.#cursor !== undefined && this.#cursor !== previous
    this.#remember(cursor)
    if (hasMissed) this.#watcher.onGap()
  }

  #remember(cursor: string): void {
    this.#cursor = cursor
    this.#seen.add(cursor)
    for (const oldest of this.#seen) {
      if (this.#seen.size <= REMEMBERED) break
      this.#seen.delete(oldest)
    }
  }

  #setState(state: Connection): void {
    // A tab that resumes another tab's stream has not lost the connection.
    if (this.#state === state || (state === 'connecting' && this.#state === 'live')) return
    this.#state = state
    this.#watcher.onState(state)
    if (this.#isLeading) this.#beat()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
