import type { MediakeepClient } from '@mediakeep/client'
import { expect, test, vi } from 'vitest'
import { readFields, toView } from './filters.ts'
import { PageStore, type GalleryItem } from './page-store.ts'

const january = { __typename: 'TimelineMonth', month: '2026-01', count: 3, startCursor: 'c1' } as never
const december = { __typename: 'TimelineMonth', month: '2025-12', count: 90, startCursor: 'c2' } as never

interface Asked {
  readonly after?: string
  readonly skip?: number
  readonly first: number
}

const tile = (id: string, postedAt: string): GalleryItem =>
  ({
    id,
    postedAt: `${postedAt}T10:00:00Z`,
    createdAt: postedAt,
    aiAnalysisStatus: 'completed',
  }) as GalleryItem

/** Three items in January, then those of December. */
const all = [1, 2, 3]
  .map((n) => tile(`jan-${n}`, '2026-01-05'))
  .concat(Array.from({ length: 90 }, (_, n) => tile(`dec-${n + 1}`, '2025-12-05')))

function storeOver(items: readonly GalleryItem[]): {
  store: PageStore
  asked: Asked[]
  fail: (fails: boolean) => void
} {
  const asked: Asked[] = []
  let isFailing = false
  const client = {
    query(_document: unknown, { after, skip = 0, first }: Asked) {
      asked.push({ ...(after !== undefined && { after }), skip, first })
      if (isFailing) return Promise.reject(new Error('no network'))
      const from = (after === 'c2' ? 3 : 0) + skip
      return Promise.resolve({ mediaItems: { nodes: items.slice(from, from + first) } })
    },
  } as unknown as MediakeepClient
  return {
    store: new PageStore(client, toView(readFields(''))),
    asked,
    fail: (fails) => (isFailing = fails),
  }
}

const idOf = (item: ReturnType<PageStore['item']>): unknown => (typeof item === 'object' ? item.id : item)

test('what a view begins with is asked for once, before its months are counted', async () => {
  const { store, asked } = storeOver(all)
  void store.open()
  const months = await store.open()
  expect(asked).toEqual([{ skip: 0, first: 40 }])
  expect(months.map(({ month, count }) => [month, count])).toEqual([
    ['2026-01', 3],
    ['2025-12', 37],
  ])
  store.want(months.map((month) => ({ month, from: 0, to: month.count })))
  await vi.waitFor(() => expect(idOf(store.item(months[1]!, 36))).toBe('dec-37'))
  expect(asked).toHaveLength(1)
  store.want([
    { month: january, from: 0, to: 3 },
    { month: december, from: 0, to: 20 },
  ])
  await vi.waitFor(() => expect(idOf(store.item(january, 2))).toBe('jan-3'))
  await vi.waitFor(() => expect(idOf(store.item(december, 19))).toBe('dec-20'))
  expect(asked.filter(({ after }) => after === 'c1')).toEqual([])
})

test('what has come since the view was opened is asked for', async () => {
  const { store, asked } = storeOver(all)
  void store.open()
  store.want([{ month: january, from: 0, to: 3 }])
  await vi.waitFor(() => expect(idOf(store.item(january, 2))).toBe('jan-3'))
  store.apply({ mediaId: 'jan-4', what: 'fate', status: 'fetched' } as never)
  store.want([{ month: { ...(january as object), count: 4 } as never, from: 0, to: 4 }])
  await vi.waitFor(() => expect(asked).toContainEqual({ after: 'c1', skip: 0, first: 40 }))
})

test('where something came between the two answers, the page is asked for again', async () => {
  const { store, asked } = storeOver(all.slice(1))
  void store.open()
  store.want([{ month: january, from: 0, to: 3 }])
  await vi.waitFor(() => expect(asked).toContainEqual({ after: 'c1', skip: 0, first: 40 }))
})

test('what could not be loaded is tried again when it is asked to be', async () => {
  const { store, fail } = storeOver(all)
  fail(true)
  store.want([{ month: december, from: 60, to: 80 }])
  await vi.waitFor(() => expect(store.item(december, 60)).toBe('failed'))
  fail(false)
  store.retry()
  await vi.waitFor(() => expect(idOf(store.item(december, 60))).toBe('dec-61'))
})
