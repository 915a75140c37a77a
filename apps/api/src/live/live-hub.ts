import type { ServerResponse } from 'node:http'
import {
  assertServed,
  formatCursor,
  openTail,
  type CursorExpiredError,
  type EventCursor,
  type Listen,
  type LoggedEvent,
  type Tail,
} from '@mediakeep/events'
import type { Sql } from '@mediakeep/sql'
import type { ExecutionArgs, GraphQLError } from 'graphql'
import type { Framing } from './framing.ts'
import { changesOf, mediaTypesOf, openPages } from './log-pages.ts'
import { openClient, type LiveClient } from './live-client.ts'
import { LiveGroup } from './live-group.ts'
import type { Opening } from './opening.ts'
import { retryWhileTransient } from './transient.ts'
import { render } from './render.ts'

/** How long to keep following the log after the last client has left, in milliseconds. */
const IDLE_MS = 30_000
/** Bytes of sent frames that all groups together keep for clients that reconnect. */
const RECENT_BYTES = 64 * 1024 ** 2

export interface LiveOptions {
  readonly sql: Sql
  readonly listen?: Listen | undefined
  readonly maskError: (error: unknown) => GraphQLError
  readonly onError: (error: unknown) => void
  /** Maximum number of open streams; default 10,000. */
  readonly maxClients?: number | undefined
  /** Maximum number of open streams per token; default 100. */
  readonly maxClientsPerViewer?: number | undefined
  /** Heartbeat interval of silent streams, in milliseconds; default 12,000. */
  readonly heartbeatMs?: number | undefined
  /** Disconnects a client that reads nothing for this many milliseconds; default 60,000. */
  readonly stallMs?: number | undefined
}

export interface Subscription {
  readonly args: ExecutionArgs
  readonly opening: Opening
  readonly framing: Framing
  /** Equal for subscriptions that get the same results. */
  readonly key: string
  readonly response: ServerResponse
  readonly viewerId: string
}

interface GroupEntry {
  readonly group: LiveGroup
  readonly topic: Opening['topic']
  clients: number
}

/** Serves all subscriptions of a process from one tail of the event log. */
export class LiveHub {
  readonly #options: LiveOptions
  readonly #groups = new Map<string, GroupEntry>()
  readonly #clients = new Set<LiveClient>()
  /** Number of open streams by viewer. */
  readonly #perViewer = new Map<string, number>()
  readonly #closing = new AbortController()
  readonly #readPage: ReturnType<typeof openPages>
  readonly #heart: NodeJS.Timeout
  #tail: Promise<Tail> | undefined
  #rest: NodeJS.Timeout | undefined
  /** Position up to which events were handed to the groups, or are about to be. */
  #taken: EventCursor = { epoch: undefined, after: 0, seen: 0 }

  constructor(options: LiveOptions) {
    this.#options = options
    this.#readPage = openPages(options.sql)
    this.#heart = setInterval(() => this.#beat(), options.heartbeatMs ?? 12_000).unref()
  }

  get isFull(): boolean {
    return this.#closing.signal.aborted || this.#clients.size >= (this.#options.maxClients ?? 10_000)
  }

  /** Without tokens there is one local viewer, who may open as many streams as the server allows. */
  isFullFor(viewerId: string): boolean {
    const open = this.#perViewer.get(viewerId) ?? 0
    return viewerId !== 'local' && open >= (this.#options.maxClientsPerViewer ?? 100)
  }

  /** Number of streams, number of groups, and the age of the newest event when it was taken, in seconds. */
  get stats(): { readonly clients: number; readonly groups: number; readonly lagSeconds: number } {
    return { clients: this.#clients.size, groups: this.#groups.size, lagSeconds: this.#lag / 1000 }
  }
  #lag = 0

  /**
   * Checks the position from which a subscription starts. @returns the same position in the current epoch
   *
   * @throws CursorExpiredError, CursorUnknownError
   */
  async assertServed(after: EventCursor | undefined): Promise<EventCursor | undefined> {
    await this.#follow()
    return after && (await assertServed(this.#options.sql, after))
  }

  /** Streams a subscription to a response whose head has been sent, until either side ends it. */
  async stream(subscription: Subscription): Promise<void> {
    await this.#follow()
    const { opening, framing, key, response, viewerId } = subscription
    const entry = this.#enter(subscription)
    const leave = (): void => this.#leave(key, entry, client, viewerId)
    const client = openClient(response, framing, opening.after ?? entry.group.end)
    this.#clients.add(client)
    this.#perViewer.set(viewerId, (this.#perViewer.get(viewerId) ?? 0) + 1)
    response.once('close', leave)
    if (response.destroyed) {
      leave()
      return
    }
    client.send(framing.heartbeat(formatCursor(client.cursor)))
    if (opening.first) {
      const change = { ...opening.first, cursor: client.cursor } as Parameters<typeof render>[1][number]
      client.sendFrames(
        await render({ ...subscription, topic: opening.topic, maskError: this.#options.maskError }, [change]),
      )
    }
    await entry.group.serve(client, opening.through)
  }

  #enter(subscription: Subscription): GroupEntry {
    const { key, opening, framing, args } = subscription
    let entry = this.#groups.get(key)
    if (!entry) {
      const { topic } = opening
      const group = new LiveGroup({
        args,
        topic,
        framing,
        from: this.#taken,
        maskError: this.#options.maskError,
        maxRecentBytes: () => RECENT_BYTES / Math.max(1, this.#groups.size),
        stallMs: this.#options.stallMs ?? 60_000,
        readPage: (after, through) => this.#readPage(topic, after, through),
        onError: this.#options.onError,
        signal: this.#closing.signal,
      })
      this.#groups.set(key, (entry = { group, topic, clients: 0 }))
    }
    entry.clients++
    return entry
  }

  #leave(key: string, entry: GroupEntry, client: LiveClient, viewerId: string): void {
    if (!this.#clients.delete(client)) return
    const others = (this.#perViewer.get(viewerId) ?? 1) - 1
    if (others > 0) this.#perViewer.set(viewerId, others)
    else this.#perViewer.delete(viewerId)
    if (--entry.clients === 0 && this.#groups.get(key) === entry) this.#groups.delete(key)
    if (this.#clients.size === 0) this.#rest = setTimeout(() => void this.#stop(), IDLE_MS).unref()
  }

  /** Stops following the log after a while without clients. */
  async #stop(): Promise<void> {
    if (this.#clients.size > 0) return
    const tail = this.#tail
    this.#tail = undefined
    await tail?.then((opened) => opened.close()).catch(this.#options.onError)
  }

  /** Starts following the log on the first subscription. */
  async #follow(): Promise<void> {
    clearTimeout(this.#rest)
    const { sql, listen, onError } = this.#options
    this.#tail ??= openTail({
      sql,
      listen,
      onError,
      onEvents: (events) => this.#take(events),
      onGap: (error) => this.#skip(error),
      onBegin: (end) => (this.#taken = end),
      onNewEpoch: (from) => this.#restart(from),
    })
    try {
      await this.#tail
    } catch (error) {
      this.#tail = undefined
      throw error
    }
  }

  async #take(events: readonly LoggedEvent[]): Promise<void> {
    const { sql, onError } = this.#options
    const { signal } = this.#closing
    // A group created from here on starts after these events: its clients read them from the log.
    const entries = [...this.#groups.values()]
    this.#taken = { ...this.#taken, after: events.at(-1)!.number }
    this.#lag = Math.max(0, Date.now() - events.at(-1)!.createdAt.getTime())
    const end = this.#taken
    const changes = changesOf(events, end.epoch)
    const areTyped = entries.some(({ topic }) => topic.needsMediaTypes)
    const types = await retryWhileTransient(() => mediaTypesOf(sql, areTyped ? changes : []), {
      onError,
      signal,
    })
    await Promise.all(
      entries.map(({ group, topic }) =>
        group.deliver(
          changes.filter((change) => topic.matches(change, types)),
          end,
        ),
      ),
    )
  }

  #skip(error: CursorExpiredError): void {
    this.#options.onError(error)
    this.#taken = { ...this.#taken, after: Math.max(this.#taken.after, error.pruned) }
    for (const { group } of this.#groups.values()) group.skip(error)
  }

  /** Ends all streams after the database lost events. Clients reconnect, and each cursor is checked separately. */
  #restart(from: EventCursor): void {
    this.#taken = from
    this.#groups.clear()
    for (const client of this.#clients) client.end()
  }

  #beat(): void {
    for (const { group } of this.#groups.values()) group.beat()
  }

  /** Ends all streams without `complete`, so that clients reconnect to another process. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearInterval(this.#heart)
    for (const client of this.#clients) client.end()
    this.#clients.clear()
    clearTimeout(this.#rest)
    await this.#stop()
  }
}
