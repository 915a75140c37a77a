import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { mediaId, openStream } from '../live/streams.fixture.ts'

const MANY = 60

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 10, 20)
  // Row a-n was merged into row b-n, which was merged into media n.
  await db.query(
    `INSERT INTO mediakeep.merged_media (media_id, survivor_id, merged_row)
     SELECT 'med-a' || n, 'med-b' || n, '{}'::jsonb FROM generate_series(1, $1) n
     UNION ALL SELECT 'med-b' || n, 'med-' || lpad(to_hex(n), 8, '0'), '{}' FROM generate_series(1, $1) n`,
    [MANY],
  )
  await db.query(
    `INSERT INTO download_runs (run_id, started_at) SELECT 'run-' || n, now() FROM generate_series(1, $1) n`,
    [MANY],
  )
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) {
  id ... on Media { fate post { urn } } ... on Post { urn } ... on ImportRun { kind } } }`

const idsOf = (n: number): string[] => [
  mediaId(n),
  `med-a${n}`,
  `med-unknown${n}`,
  `p-${n.toString(16).padStart(8, '0')}`,
  `run-${n}`,
]
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

test('many nodes, known, merged and unknown, take as many statements as one of each', async () => {
  const ask = (ids: string[]): Promise<[{ nodes: ({ id: string } | null)[] }, number]> =>
    api.statements(() => api.ask(NODES, { ids }))
  for (let round = 0; round < 6; round++) {
    const [, few] = await ask(idsOf(1))
    const [{ nodes }, many] = await ask(upTo(MANY).flatMap(idsOf))
    expect(many).toBe(few)
    expect(few).toBeLessThan(12)
    expect(nodes.map((node) => node?.id)).toEqual(
      upTo(MANY).flatMap((n) => {
        const [known, , , post, run] = idsOf(n)
        return [known, known, undefined, n <= 10 ? post : undefined, run]
      }),
    )
  }
})

test('more nodes than an operation may return are refused before anything runs', async () => {
  const ids = Array.from({ length: 20_001 }, (_, n) => mediaId(n))
  const [answer, statements] = await api.statements(() => api.answer(NODES, { ids }))
  expect(answer.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
  expect(statements).toBe(0)
})

test('a subscription asks for the survivors of all its media together too', async () => {
  const stream = await openStream(api.url, 'subscription { mediaStatusChanged { mediaId media { id } } }')
  await expect.poll(() => stream.messages.length).toBeGreaterThan(0)
  const [, statements] = await api.statements(async () => {
    await db.query(
      `INSERT INTO mediakeep.events (kind, changes)
       SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', 'med-a' || n, 'postId', 'p-1', 'what', 'fate',
         'from', 'waiting', 'to', 'gone') ORDER BY n) FROM generate_series(1, $1) n`,
      [MANY],
    )
    await expect.poll(() => stream.changes).toHaveLength(MANY)
  })
  stream.cut()
  expect(stream.changes.map(({ media }) => media)).toEqual(upTo(MANY).map((n) => ({ id: mediaId(n) })))
  // This includes the tail's polling, which runs on a timer.
  expect(statements).toBeLessThan(30)
})
