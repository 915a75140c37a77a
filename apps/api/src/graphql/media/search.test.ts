import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'
import { parameters } from '@mediakeep/sql'
import { mediaConditions } from '@mediakeep/pipeline'

let db: TestDatabase
let api: TestApi

/** Returns the fake SHA-256 of content `n` (of seven): the number, repeated. */
const sha = (n: number): string => `0${n}`.repeat(32)

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 20, 6)
  for (const [n, text, hash] of [
    [1, 'GRAVITON sign\na harbour', '00000000000000ff'],
    [2, 'nothing here', '00000000000000fe'],
    [3, 'number7 as a picture', '80000000000000f0'],
    [4, 'far', 'ffffffffffffffff'],
  ] as const) {
    await db.query(
      `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, search_text, perceptual_hash)
       VALUES ($1, 'facts', '1', 'image', 'completed', $2, ('x' || $3)::bit(64)::bigint)`,
      [sha(n), text, hash],
    )
  }
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

interface Found {
  readonly mediaItems: {
    readonly nodes: { readonly id: string; readonly sha256Sum: string | null }[]
    readonly edges: { readonly cursor: string }[]
    readonly totalCount: number
  }
}
const find = async (filter: object, paging: object = { first: 100 }): Promise<Found['mediaItems']> =>
  (
    await api.ask<Found>(
      `query ($filter: MediaFilter, $first: Int, $after: String) { mediaItems(filter: $filter, first: $first, after: $after) {
         nodes { id sha256Sum } edges { cursor } totalCount } }`,
      { filter, ...paging },
    )
  ).mediaItems
const shown = async (n: number): Promise<string[]> =>
  (
    await db.query<{ id: string }>('SELECT media_id AS id FROM post_media WHERE sha256_sum = $1', [sha(n)])
  ).rows.map(({ id }) => id)

test('a search finds what a picture shows, and what the post says', async () => {
  expect((await find({ search: 'graviton' })).nodes.map(({ id }) => id).toSorted()).toEqual(await shown(1))
  const ofPost = await db.query<{ id: string }>(
    `SELECT media_id AS id FROM post_media WHERE post_id = 'p-00000007'`,
  )
  const either = new Set([...ofPost.rows.map(({ id }) => id), ...(await shown(3))])
  const found = await find({ search: 'number7' })
  expect(new Set(found.nodes.map(({ id }) => id))).toEqual(either)
  expect(found.totalCount).toBe(either.size)
  expect((await find({ search: 'graviton harbour' })).nodes).toHaveLength((await shown(1)).length)
  expect((await find({ search: 'graviton -harbour' })).nodes).toEqual([])
  expect((await find({ search: 'graviton', fate: 'expired' })).nodes).toEqual([])
})

test('by index or down the list, a search finds the same', async () => {
  const foundBy = async (filter: object, plan: 'index' | 'walk'): Promise<string[]> => {
    const { values, bind } = parameters()
    const { rows } = await db.query<{ id: string }>(
      `SELECT m.media_id AS id FROM post_media m WHERE ${mediaConditions(filter, plan)(bind).join(' AND ')} ORDER BY 1`,
      values,
    )
    return rows.map(({ id }) => id)
  }
  for (const filter of [
    { search: 'number7' },
    { search: 'graviton' },
    { search: 'none' },
    { text: 'number7' },
  ])
    expect(await foundBy(filter, 'walk')).toEqual(await foundBy(filter, 'index'))
  expect(await foundBy({ search: 'graviton' }, 'walk')).toEqual(await shown(1))
})

test('the nearest come first, without the one that was asked for, page by page', async () => {
  const [mediaId] = await shown(1)
  const all = await find({ similarTo: { mediaId, maxDistance: 11 } })
  const order = all.nodes.map(({ sha256Sum }) => Number(sha256Sum!.slice(0, 2)))
  const count = async (n: number): Promise<number> => (await shown(n)).length
  expect(order).toEqual([
    ...Array.from({ length: (await count(1)) - 1 }, () => 1),
    ...Array.from({ length: await count(2) }, () => 2),
    ...Array.from({ length: await count(3) }, () => 3),
  ])
  expect(all.totalCount).toBe(order.length)
  const walked: string[] = []
  for (let after: string | undefined; ;) {
    const page: Found['mediaItems'] = await find(
      { similarTo: { mediaId, maxDistance: 11 } },
      { first: 4, after },
    )
    if (page.nodes.length === 0) break
    walked.push(...page.nodes.map(({ id }) => id))
    after = page.edges.at(-1)!.cursor
  }
  expect(walked).toEqual(all.nodes.map(({ id }) => id))
  expect((await find({ similarTo: { mediaId, maxDistance: 1 } })).nodes).toHaveLength(
    (await count(1)) - 1 + (await count(2)),
  )
  expect((await find({ similarTo: { mediaId, maxDistance: 0 }, fate: 'expired' })).nodes).toEqual([])
})

test('what was not looked at resembles nothing; distances beyond the index are refused', async () => {
  const [unseen] = await shown(5)
  expect(await find({ similarTo: { mediaId: unseen } })).toMatchObject({ nodes: [], totalCount: 0 })
  expect((await find({ similarTo: { mediaId: 'med-00000000' } })).nodes).toEqual([])
  for (const query of [
    `{ mediaItems(filter: { similarTo: { mediaId: "${unseen!}", maxDistance: 12 } }) { nodes { id } } }`,
    `{ mediaItems(filter: { similarTo: { mediaId: "${unseen!}", maxDistance: -1 } }) { nodes { id } } }`,
    `{ mediaTimeline(filter: { similarTo: { mediaId: "${unseen!}" } }) { month } }`,
  ]) {
    const { errors } = await api.answer(query)
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
  }
})
