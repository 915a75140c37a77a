import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { encodeCursor } from '../paging/cursor.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 40, 10)
  // As left by old writers: no dates at all.
  await db.query(`UPDATE post_media SET created_at = NULL, posted_at = NULL WHERE media_id < 'med-00000010'`)
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

interface Walked {
  readonly mediaItems: {
    readonly edges: { readonly cursor: string; readonly node: { readonly id: string } }[]
    readonly pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> &
      Record<'startCursor' | 'endCursor', string | null>
  }
}

async function walk(orderBy: object, backward: boolean, filter = {}): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | null = null, more = true; more;) {
    const paging: Record<string, unknown> = backward
      ? { last: 7, before: cursor }
      : { first: 7, after: cursor }
    const { mediaItems } = await api.ask<Walked>(
      `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: MediaOrder, $filter: MediaFilter) {
         mediaItems(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, filter: $filter) {
           edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      { orderBy, filter, ...paging },
    )
    const page = mediaItems.edges.map((edge) => edge.node.id)
    ids.push(...(backward ? page.reverse() : page))
    more = backward ? mediaItems.pageInfo.hasPreviousPage : mediaItems.pageInfo.hasNextPage
    cursor = backward ? mediaItems.pageInfo.startCursor : mediaItems.pageInfo.endCursor
  }
  return backward ? ids.reverse() : ids
}

for (const field of ['CREATED_AT', 'POSTED_AT'])
  for (const direction of ['ASC', 'DESC'])
    test(`by ${field} ${direction}: no row skipped, none twice, forward and backward the same`, async () => {
      const forward = await walk({ field, direction }, false)
      expect(forward).toHaveLength(400)
      expect(new Set(forward).size).toBe(400)
      expect(await walk({ field, direction }, true)).toEqual(forward)
    })

test('a filter holds on every page', async () => {
  const expired = await db.query<{ media_id: string }>(
    `SELECT media_id FROM post_media WHERE fate = 'expired'`,
  )
  const walked = await walk({}, false, { fate: 'expired' })
  expect(walked.toSorted()).toEqual(expired.rows.map((row) => row.media_id).toSorted())
})

test('between two cursors', async () => {
  const all = await walk({}, false)
  const { mediaItems } = await api.ask<Walked>(`{ mediaItems(first: 20) { edges { cursor node { id } } } }`)
  const between = await api.ask<Walked>(
    `query ($after: String, $before: String) {
       mediaItems(first: 50, after: $after, before: $before) { edges { cursor node { id } } } }`,
    { after: mediaItems.edges[2]!.cursor, before: mediaItems.edges[9]!.cursor },
  )
  expect(between.mediaItems.edges.map((edge) => edge.node.id)).toEqual(all.slice(3, 9))
})

test.each([
  ['mediaItems(first: 101)', 'invalid_page'],
  ['mediaItems(first: -1)', 'invalid_page'],
  ['mediaItems(first: 1, last: 1)', 'invalid_page'],
  ['mediaItems(after: "what?")', 'invalid_cursor'],
  [`mediaItems(after: "${encodeCursor('POSTED_AT', { value: '1', key: 'med-1' })}")`, 'invalid_cursor'],
  [`mediaItems(after: "${encodeCursor('CREATED_AT', { value: "1'; --", key: 'med-1' })}")`, 'invalid_cursor'],
])('%s is refused as %s', async (field, reason) => {
  const { errors } = await api.answer(`{ ${field} { nodes { id } } }`)
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason })
  expect(api.logged).toEqual([])
})

test('totalCount is counted when asked for, by a statement of its own', async () => {
  const page = `{ mediaItems(first: 5, filter: { fate: expired }) { nodes { id } } }`
  const [, without] = await api.statements(() => api.ask(page))
  const [counted, withIt] = await api.statements(() => api.ask(page.replace('nodes', 'totalCount nodes')))
  expect([without, withIt]).toEqual([1, 2])
  expect(counted).toMatchObject({ mediaItems: { totalCount: 133 } })
})

test('the timeline counts months, and its cursors begin them', async () => {
  interface Timeline {
    readonly mediaTimeline: { readonly month: string; readonly count: number; readonly startCursor: string }[]
  }
  for (const direction of ['ASC', 'DESC']) {
    const orderBy = { field: 'POSTED_AT', direction }
    const { mediaTimeline } = await api.ask<Timeline>(
      `query ($orderBy: MediaOrder) { mediaTimeline(orderBy: $orderBy) { month count startCursor } }`,
      { orderBy },
    )
    expect(mediaTimeline.reduce((sum, month) => sum + month.count, 0)).toBe(385)
    for (const { month, startCursor } of mediaTimeline) {
      const first = await api.ask<{ mediaItems: { nodes: { postedAt: string }[] } }>(
        `query ($orderBy: MediaOrder, $after: String) {
           mediaItems(first: 1, orderBy: $orderBy, after: $after) { nodes { postedAt } } }`,
        { orderBy, after: startCursor },
      )
      expect(first.mediaItems.nodes[0]!.postedAt.slice(0, 7)).toBe(month)
    }
  }
})

test('posts and groups page the same way', async () => {
  for (const list of ['posts', 'duplicateGroups']) {
    const ids: string[] = []
    const key = list === 'posts' ? 'id' : 'sha256Sum'
    for (let after: string | null = null, more = true; more;) {
      const page: Record<
        string,
        { nodes: Record<string, string>[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
      > = await api.ask(
        `query ($after: String) { ${list}(first: 3, after: $after) { nodes { ${key} } pageInfo { hasNextPage endCursor } } }`,
        { after },
      )
      ids.push(...page[list]!.nodes.map((node) => node[key]!))
      more = page[list]!.pageInfo.hasNextPage
      after = page[list]!.pageInfo.endCursor
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(list === 'posts' ? 40 : 7)
  }
})

test('a leap from a month into its middle: what is skipped is what the walk meets first', async () => {
  const all = await walk({}, false)
  const { mediaTimeline } = await api.ask<{ mediaTimeline: { count: number; startCursor: string }[] }>(
    '{ mediaTimeline { count startCursor } }',
  )
  const { count, startCursor } = mediaTimeline[0]!
  const skip = Math.floor(count / 2)
  const leap = await api.ask<Walked>(
    `query ($after: String, $skip: Int) {
       mediaItems(first: 5, after: $after, skip: $skip) {
         edges { node { id } } pageInfo { hasNextPage hasPreviousPage } } }`,
    { after: startCursor, skip },
  )
  expect(leap.mediaItems.edges.map((edge) => edge.node.id)).toEqual(all.slice(skip, skip + 5))
  expect(leap.mediaItems.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
  await expect(api.ask('{ mediaItems(last: 5, skip: 5) { nodes { id } } }')).rejects.toThrow(/goes with/)
  await expect(api.ask('{ mediaItems(skip: -1) { nodes { id } } }')).rejects.toThrow(/must be between 0 and/)
})
