import {
  MediaPageDocument,
  type AnalysisStatus,
  type MediakeepClient,
  type MediaPageQuery,
} from '@mediakeep/client'
import type { StatusChange } from '../connection/follow-changes.ts'
import type { GalleryView } from './filters.ts'
import type { Month } from './use-timeline.ts'

/** Two or three screens of a phone; more would delay the first. */
const PAGE_SIZE = 40
/** About 20,000 items; the least recently seen are dropped. */
const MAX_PAGES = 480
const MAX_REQUESTS = 4

/** A media item as a tile shows it; for a search, with the words around its hits. */
export type GalleryItem = MediaPageQuery['mediaItems']['nodes'][number]

type Page = readonly GalleryItem[] | 'failed'

/** Caches the seen pages of one view, by month and number; loads pages on screen first. */
export class PageStore {
  readonly #client: MediakeepClient
  readonly #view: GalleryView
  readonly #pages = new Map<string, Page>()
  readonly #loading = new Set<string>()
  /** Outdated pages; they are shown until they are read again. */
  readonly #stale = new Set<string>()
  /** Item counts of their months when pages were read; a page is stale once the count differs. */
  readonly #counts = new Map<string, number>()
  readonly #listeners = new Set<() => void>()
  /** The first page of the view. */
  #opening: Promise<readonly GalleryItem[]> | undefined
  #wanted: { readonly month: Month; readonly number: number }[] = []
  #version = 0

  constructor(client: MediakeepClient, view: GalleryView) {
    this.#client = client
    this.#view = view
  }

  /**
   * Loads the first page of the view while its items are still being counted.
   *
   * @returns the months on that page, to draw until they are counted
   */
  async open(): Promise<readonly Month[]> {
    this.#opening ??= this.#query({ first: PAGE_SIZE }).catch(() => [])
    const counts = new Map<string, number>()
    for (const item of await this.#opening) {
      const month = this.#monthOf(item)
      if (month === undefined) return []
      counts.set(month, (counts.get(month) ?? 0) + 1)
    }
    return [...counts].map(([month, count]) => ({
      __typename: 'TimelineMonth',
      month,
      count,
      startCursor: '',
    }))
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes whenever data arrives. */
  readonly version = (): number => this.#version

  item(month: Month, index: number): GalleryItem | 'failed' | undefined {
    const page = this.#pages.get(keyOf(month, Math.floor(index / PAGE_SIZE)))
    return page === 'failed' ? page : page?.[index % PAGE_SIZE]
  }

  /** Requests the pages of these stretches; drops earlier requests that have not started. */
  want(stretches: readonly { readonly month: Month; readonly from: number; readonly to: number }[]): void {
    this.#wanted = stretches.flatMap(({ month, from, to }) => {
      const first = Math.floor(from / PAGE_SIZE)
      const last = Math.ceil(to / PAGE_SIZE)
      return Array.from({ length: last - first }, (_, n) => ({ month, number: first + n }))
    })
    for (const { month, number } of this.#wanted) this.#touch(keyOf(month, number))
    this.#load()
  }

  /** Returns the items of a stretch; loads those that are missing. */
  async load(month: Month, from: number, to: number): Promise<GalleryItem[]> {
    const items: GalleryItem[] = []
    for (let number = Math.floor(from / PAGE_SIZE); number * PAGE_SIZE < to; number++) {
      const key = keyOf(month, number)
      const known = this.#isStale(month, key) ? undefined : this.#pages.get(key)
      const page = known !== undefined && known !== 'failed' ? known : await this.#fetch(month, number)
      items.push(...page.filter((_, n) => number * PAGE_SIZE + n >= from && number * PAGE_SIZE + n < to))
    }
    return items
  }

  /** Applies a change to cached items. A fetched item has a picture now, so its page is read again. */
  apply({ mediaId, what, status }: StatusChange): void {
    // It lacks items that have arrived or disappeared since.
    this.#opening = undefined
    for (const [key, page] of this.#pages) {
      if (page === 'failed' || !page.some((item) => item.id === mediaId)) continue
      if (what === 'analysis')
        this.#set(
          key,
          page.map((item) =>
            item.id === mediaId ? { ...item, aiAnalysisStatus: status as AnalysisStatus } : item,
          ),
        )
      else this.#stale.add(key)
    }
    if (this.#stale.size > 0) this.#load()
  }

  /** Retries pages that failed to load. */
  readonly retry = (): void => {
    for (const [key, page] of this.#pages) if (page === 'failed') this.#pages.delete(key)
    this.#load()
  }

  #load(): void {
    for (const { month, number } of this.#wanted) {
      const key = keyOf(month, number)
      if (this.#loading.size >= MAX_REQUESTS) return
      if (this.#loading.has(key) || (this.#pages.has(key) && !this.#isStale(month, key))) continue
      this.#loading.add(key)
      this.#stale.delete(key)
      this.#counts.set(key, month.count)
      void this.#fetch(month, number)
        .then(
          (page) => this.#set(key, page),
          () => this.#set(key, 'failed'),
        )
        .finally(() => {
          this.#loading.delete(key)
          this.#load()
        })
    }
  }

  async #fetch(month: Month, number: number): Promise<readonly GalleryItem[]> {
    const opened = number === 0 ? await this.#opened(month) : undefined
    return opened ?? this.#query({ after: month.startCursor, skip: number * PAGE_SIZE, first: PAGE_SIZE })
  }

  /** Returns the first page of a month if the view's first page contains it. */
  async #opened(month: Month): Promise<readonly GalleryItem[] | undefined> {
    if (!this.#opening) return undefined
    const items = (await this.#opening).filter((item) => this.#monthOf(item) === month.month)
    return items.length === Math.min(month.count, PAGE_SIZE) ? items : undefined
  }

  #monthOf({ postedAt, createdAt }: GalleryItem): string | undefined {
    return (this.#view.orderBy.field === 'POSTED_AT' ? postedAt : createdAt)?.slice(0, 7)
  }

  async #query(page: { first: number; after?: string; skip?: number }): Promise<readonly GalleryItem[]> {
    const { search } = this.#view.filter
    const { mediaItems } = await this.#client.query(MediaPageDocument, {
      ...this.#view,
      ...page,
      ...(search && { search, isSearch: true }),
    })
    return mediaItems.nodes
  }

  #isStale(month: Month, key: string): boolean {
    return this.#stale.has(key) || this.#counts.get(key) !== month.count
  }

  #touch(key: string): void {
    const page = this.#pages.get(key)
    if (page === undefined) return
    this.#pages.delete(key)
    this.#pages.set(key, page)
  }

  #set(key: string, page: Page): void {
    this.#pages.set(key, page)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break
      this.#pages.delete(oldest)
      this.#counts.delete(oldest)
    }
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}

/** False while only the months on the view's first page are known. */
export function isCounted({ startCursor }: Month): boolean {
  return startCursor !== ''
}

function keyOf({ month }: Month, number: number): string {
  return `${month}/${number}`
}
