import { setTimeout as sleep } from 'node:timers/promises'
import { compareCursors, CursorExpiredError, formatCursor, type EventCursor } from '@mediakeep/events'
import { retryWhileTransient, RETRY_MS } from './transient.ts'
import { toldOfCursor } from './cursor-errors.ts'
import { joined, recentFrames, type Frame } from './frames.ts'
import type { LiveClient } from './live-client.ts'
import type { LiveChange } from './opening.ts'
import { render, type RenderOptions } from './render.ts'

/** Maximum number of changes executed at once. */
const CHANGES_A_SLICE = 500

/** Changes read from the log after a position, and the position they reach. */
export interface Page {
  readonly changes: readonly LiveChange[]
  readonly end: EventCursor
}

export interface GroupOptions extends RenderOptions {
  /** The group delivers only what comes after this position. */
  readonly from: EventCursor
  readonly maxRecentBytes: () => number
  readonly stallMs: number
  /** Reads changes of the topic from `after` to `through`, or only the first of them. */
  readonly readPage: (after: EventCursor, through: EventCursor) => Promise<Page>
  readonly onError: (error: unknown) => void
  /** Aborted when the server closes. */
  readonly signal: AbortSignal
}

/** All clients with the same subscription: results are executed, serialised and framed once. */
export class LiveGroup {
  readonly #options: GroupOptions
  #recent: ReturnType<typeof recentFrames>
  /** Clients that have received everything the group has. */
  readonly #live = new Set<LiveClient>()
  readonly #pages = new Map<string, Promise<{ frames: readonly Frame[]; end: EventCursor }>>()
  #end: EventCursor
  /** Resolved when the next events have been taken. */
  #delivery = Promise.withResolvers<undefined>()

  constructor(options: GroupOptions) {
    this.#options = options
    this.#end = options.from
    this.#recent = recentFrames(options.from, options.maxRecentBytes)
  }

  get end(): EventCursor {
    return this.#end
  }

  /** Delivers the next part of the log: changes of the topic, and the position they reach. */
  async deliver(given: readonly LiveChange[], end: EventCursor): Promise<void> {
    // Changes are delivered again when another group failed, so skip those already taken.
    const changes = given.filter(({ cursor }) => compareCursors(cursor, this.#end) > 0)
    for (let from = 0; from < changes.length; from += CHANGES_A_SLICE) {
      const slice = changes.slice(from, from + CHANGES_A_SLICE)
      this.#broadcast(await retryWhileTransient(() => render(this.#options, slice), this.#options))
    }
    this.#reach(end)
  }

  /** Skips events that were pruned before they were taken, and refuses the clients that wait for them. */
  skip(error: CursorExpiredError): void {
    const end = { ...this.#end, after: error.pruned, seen: 0 }
    if (compareCursors(this.#end, end) >= 0) return
    for (const client of this.#live) {
      client.cursor = this.#end
      if (client.isOpen()) this.#refuse(client, error)
    }
    this.#live.clear()
    // Clients still catching up ask the log for the missing events, and the log refuses.
    this.#recent = recentFrames(end, this.#options.maxRecentBytes)
    this.#reach(end)
  }

  #reach(end: EventCursor): void {
    this.#end = end
    this.#delivery.resolve(undefined)
    this.#delivery = Promise.withResolvers<undefined>()
  }

  #broadcast(frames: readonly Frame[]): void {
    const before = this.#end
    this.#recent.add(frames)
    this.#end = frames.at(-1)!.cursor
    const bytes = joined(frames)
    const isLast = frames.at(-1)!.isLast
    for (const client of this.#live) {
      if (!client.isOpen()) this.#live.delete(client)
      else if (client.isBehind()) {
        this.#live.delete(client)
        client.cursor = before
        void this.serve(client)
      } else {
        client.send(bytes)
        if (isLast) client.complete()
      }
    }
  }

  /** Brings a client from its cursor up to date at its own pace, then serves it together with the others. */
  async serve(client: LiveClient, through = Infinity): Promise<void> {
    while (client.isOpen()) {
      if (client.isBehind()) await client.drained(this.#options.stallMs)
      // The client comes from a process that has read further in the log than this one has so far.
      else if (compareCursors(client.cursor, this.#end) > 0) await this.#delivery.promise
      else if (compareCursors(client.cursor, this.#recent.begin) >= 0) {
        const { frames, isAll } = this.#recent.after(client.cursor)
        client.sendFrames(frames)
        client.cursor = isAll ? this.#end : frames.at(-1)!.cursor
        if (client.cursor.after >= through) client.complete()
        else if (isAll && !client.isBehind()) {
          this.#live.add(client)
          return
        }
      } else await this.#sendPage(client)
    }
  }

  async #sendPage(client: LiveClient): Promise<void> {
    try {
      const { frames, end } = await this.#page(client.cursor)
      if (!client.isOpen()) return
      client.sendFrames(frames)
      client.cursor = end
    } catch (error) {
      if (error instanceof CursorExpiredError) this.#refuse(client, error)
      else {
        this.#options.onError(error)
        await sleep(RETRY_MS)
      }
    }
  }

  /** Shares one page between clients that were disconnected together and reconnect with the same cursor. */
  #page(cursor: EventCursor): Promise<{ frames: readonly Frame[]; end: EventCursor }> {
    const name = formatCursor(cursor)
    let page = this.#pages.get(name)
    if (!page) {
      page = this.#readPage(cursor).finally(() => this.#pages.delete(name))
      this.#pages.set(name, page)
    }
    return page
  }

  async #readPage(cursor: EventCursor): Promise<{ frames: readonly Frame[]; end: EventCursor }> {
    const { changes, end } = await this.#options.readPage(cursor, this.#end)
    return { frames: await render(this.#options, changes), end }
  }

  #refuse(client: LiveClient, error: Error): void {
    const { framing, maskError } = this.#options
    client.send(
      framing.result(
        JSON.stringify({ errors: [maskError(toldOfCursor(error))] }),
        formatCursor(client.cursor),
      ),
    )
    client.complete()
  }

  beat(): void {
    const bytes = Buffer.from(this.#options.framing.heartbeat(formatCursor(this.#end)))
    for (const client of this.#live) {
      if (!client.isOpen()) this.#live.delete(client)
      else if (!client.isBehind()) client.send(bytes)
    }
  }
}
