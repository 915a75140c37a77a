import { unescapeUrl } from '@mediakeep/plugin-api'
import { readMediaUrl } from '@mediakeep/media-url'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ESCAPED_URL } from './batch.ts'
import { reconcile, type Reconciliation } from './reconcile.ts'

const URL_MEANT = 'https://media.licdn.com/dms/image/a.jpg?e=2000000000&v=beta&t=x'
const URL_STORED = URL_MEANT.replaceAll('&', '&amp;')

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    "INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u1', 1733000000123)",
  )
})
beforeEach(() => database.query('TRUNCATE post_media, mediakeep.merged_media CASCADE'))
afterAll(() => database.drop())

const run = (): Promise<Reconciliation> => reconcile(database, { readMediaUrl })
const keyOf = (url: string): string => readMediaUrl(url).sourceKey
async function insert(mediaId: string, values: Record<string, unknown> = {}): Promise<void> {
  const url = (values['media_url'] ?? URL_STORED) as string
  const row = {
    ...{ media_id: mediaId, post_id: 'p-1', media_type: 'image', media_url: url, source_key: keyOf(url) },
    ...{ ai_analysis_log: '[]', ...values },
  }
  const columns = Object.keys(row)
  await database.query(
    `INSERT INTO post_media (${columns.join()}) VALUES (${columns.map((_, n) => `$${n + 1}`).join()})`,
    Object.values(row),
  )
}
const media = async (): Promise<Record<string, unknown>[]> =>
  (await database.query('SELECT * FROM post_media ORDER BY media_id')).rows

test.each(['gone', 'blocked', 'failed', 'expired', 'rejected'])(
  'a row that is %s under a URL with entities waits again under the URL that was meant',
  async (fate) => {
    await insert('med-1', {
      ...{ fate, fate_reason: 'http_403', download_attempts: 3, download_not_before: '2030-01-01' },
      ...(fate === 'rejected' ? { local_file_path: 'images/limit-page.html' } : {}),
    })
    expect(await run()).toMatchObject({ unescaped: 1, keyed: 0, merged: 0 })
    expect(await media()).toMatchObject([
      {
        ...{
          media_url: URL_MEANT,
          source_key: keyOf(URL_MEANT),
          url_expires_at: new Date(2_000_000_000_000),
        },
        ...{ fate: 'waiting', fate_reason: null, download_attempts: 0, download_not_before: null },
        local_file_path: null,
      },
    ])
    expect(await run()).toMatchObject({ unescaped: 0 })
  },
)

test('a fetched row keeps its file and its fate, and what a person judged stays judged', async () => {
  await insert('med-1', { fate: 'fetched', md5_sum: 'm', local_file_path: 'images/m.jpg' })
  await insert('med-2', { media_url: `${URL_STORED}&amp;u=2`, fate: 'rejected', judged_at: '2026-01-01' })
  await run()
  expect(await media()).toMatchObject([
    { media_url: URL_MEANT, source_key: keyOf(URL_MEANT), fate: 'fetched', local_file_path: 'images/m.jpg' },
    { media_url: `${URL_MEANT}&u=2`, fate: 'rejected' },
  ])
})

test('a row of another tool is merged into the one that an import made of the same picture', async () => {
  await insert('med-1', {
    media_url: URL_MEANT,
    fate: 'fetched',
    md5_sum: 'm',
    local_file_path: 'images/m.jpg',
  })
  await insert('med-2', { source_key: null, ai_analysis: 'A harbour' })
  await insert('med-3', { fate: 'gone' })
  expect(await run()).toMatchObject({ keyed: 1, unescaped: 2, merged: 2 })
  expect(await media()).toMatchObject([{ media_id: 'med-1', fate: 'fetched', ai_analysis: 'A harbour' }])
})

test('an older row that is gone is the survivor of a newer one, and waits again', async () => {
  await insert('med-1', { fate: 'gone', created_at: '2026-01-01' })
  await insert('med-2', { media_url: URL_MEANT, created_at: '2026-01-02' })
  expect(await run()).toMatchObject({ unescaped: 1, merged: 1 })
  expect(await media()).toMatchObject([{ media_id: 'med-1', media_url: URL_MEANT, fate: 'waiting' }])
})

test('a row whose key does not change is not taken for its own duplicate', async () => {
  const url = 'https://media.licdn.com/dms/image/a.jpg?e=2000000000&amp;v=beta'
  await insert('med-1', { media_url: url, source_key: keyOf(unescapeUrl(url)), fate: 'gone' })
  expect(await run()).toMatchObject({ unescaped: 1, merged: 0 })
  expect(await media()).toMatchObject([{ media_id: 'med-1', fate: 'waiting', media_url: unescapeUrl(url) }])
})

test('the search finds exactly the entities that are replaced', async () => {
  const numbers = Array.from({ length: 140 }, (_, code) => code).flatMap((code) =>
    [0, 4, 5, 6].flatMap((zeros) => [
      `&#${'0'.repeat(zeros)}${code};`,
      `&#x${'0'.repeat(zeros)}${code.toString(16)};`,
      `&#X${'0'.repeat(zeros)}${code.toString(16).toUpperCase()};`,
    ]),
  )
  const texts = [
    ...numbers,
    '&amp;',
    '&AMP;',
    '&lt;',
    '&gt;',
    '&quot;',
    '&apos;',
    '&copy;',
    '&amp',
    '&',
    '&#;',
    '&#x;',
  ]
  const { rows } = await database.query<{ text: string; found: boolean }>(
    `SELECT media_url AS text, ${ESCAPED_URL} AS found FROM unnest($1::text[]) q (media_url)`,
    [texts.map((text) => `https://a.example/?a=1${text}b=2`)],
  )
  expect(rows.filter(({ text, found }) => found !== (unescapeUrl(text) !== text))).toEqual([])
})

test('the search reads its index alone', async () => {
  await database.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, ai_analysis_log)
    SELECT 'med-' || n, 'p-1', 'image', 'https://a.example/' || n, 'k' || n, '[]' FROM generate_series(1, 3000) n`)
  await database.pg.query('ANALYZE post_media')
  const { rows } = await database.query(
    `EXPLAIN SELECT media_id FROM post_media q WHERE ${ESCAPED_URL} AND q.media_id > '' ORDER BY q.media_id LIMIT 500`,
  )
  expect(JSON.stringify(rows)).toContain('post_media_escaped_url_idx')
})
