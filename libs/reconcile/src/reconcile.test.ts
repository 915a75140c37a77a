import { setTimeout as sleep } from 'node:timers/promises'
import { readMediaUrl } from '@mediakeep/media-url'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reconcile, type Reconciliation } from './reconcile.ts'

const BASE = 'https://media.licdn.com/dms/image/a.jpg'
const signed = (expiresAt: number): string => `${BASE}?e=${expiresAt}&v=beta&t=x${expiresAt}`

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  await database.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u1', 1733000000123), ('p-2', 'u2', 9e18)`,
  )
})
afterEach(() => database.drop())

async function insert(mediaId: string, values: Record<string, unknown> = {}): Promise<void> {
  const row = {
    media_id: mediaId,
    post_id: 'p-1',
    media_type: 'image',
    media_url: signed(2_000_000_000),
    ...values,
  }
  await database.query(
    `INSERT INTO post_media (${Object.keys(row).join()}) VALUES (${Object.keys(row)
      .map((_, n) => `$${n + 1}`)
      .join()})`,
    Object.values(row),
  )
}
const nothing = { keyed: 0, unescaped: 0, merged: 0, pending: 0, nullLogs: 0, parsedLogs: 0, identified: 0 }
const run = (batchSize = 500): Promise<Reconciliation> => reconcile(database, { readMediaUrl, batchSize })
async function media(): Promise<Record<string, unknown>[]> {
  return (await database.query('SELECT * FROM post_media ORDER BY media_id')).rows
}

test('a row of an older writer gets what follows from its URL and its post', async () => {
  await insert('med-1', { ai_analysis_status: 'pending', file_size: 7 })
  expect(await run()).toEqual({ ...nothing, keyed: 1, pending: 1, nullLogs: 1 })
  expect(await media()).toMatchObject([
    {
      source_key: readMediaUrl(signed(1)).sourceKey,
      source_host: 'media.licdn.com',
      url_expires_at: new Date(2_000_000_000_000),
      posted_at: new Date(1733000000123),
      byte_size: 7,
      fate: 'waiting',
      ai_analysis_status: 'not_started',
      ai_analysis_log: [],
    },
  ])
  expect(await run()).toEqual(nothing)
})

test('a row that somebody holds for a moment is left, or waited for', async () => {
  await insert('med-1')
  let patient: Promise<Reconciliation> | undefined
  await database.transaction(async (holder) => {
    await holder.query('SELECT FROM post_media FOR UPDATE')
    expect(await run()).toMatchObject({ keyed: 0 })
    patient = reconcile(database, { readMediaUrl, patienceMs: 20_000 })
    await sleep(500)
  })
  expect(await patient).toMatchObject({ keyed: 1 })
})

test.each([
  [{ md5_sum: 'a', local_file_path: 'images/a.jpg' }, 'fetched'],
  [{ md5_sum: 'a', archive_url: 's3://b/a' }, 'fetched'],
  [{ md5_sum: 'a', archive_url: 's3://b/a', media_url: 'nonsense' }, 'fetched'],
  [{ md5_sum: 'a' }, 'waiting'],
  [{ local_file_path: 'images/a.jpg' }, 'waiting'],
  [{ media_url: 'nonsense' }, 'blocked'],
  [{ post_id: 'p-2' }, 'waiting'],
])('of %o the fate is %s', async (values, fate) => {
  await insert('med-1', values)
  await run()
  const [row] = await media()
  expect(row).toMatchObject({ fate, source_key: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
  expect(row!['fate_reason']).toBe(fate === 'blocked' ? 'invalid_media_url' : null)
})

describe('duplicates', () => {
  test('are merged: the survivor takes what it lacks, the other is kept whole', async () => {
    await database.query('ALTER TABLE post_media ADD COLUMN external_id int UNIQUE')
    await insert('med-a', {
      created_at: '2025-01-01T00:00:00.000001Z',
      width: 10,
      ai_analysis_status: 'failed',
      ai_analysis_log: '[{"timestamp":"2025-01-02","event":"b"}]',
      external_id: 5,
    })
    await insert('med-b', {
      media_url: signed(1_900_000_000),
      md5_sum: 'm',
      local_file_path: 'images/m.jpg',
      ai_analysis_log: '[{"timestamp":"2025-01-01","event":"a"},{"timestamp":"2025-01-03","event":"c"}]',
    })
    await insert('med-c', {
      media_url: signed(1_800_000_000),
      ai_analysis_status: 'completed',
      ai_analysis: 'A cat',
    })
    const [before] = await database
      .query('SELECT to_jsonb(m) AS whole FROM post_media m ORDER BY media_id')
      .then((r) => r.rows)
    expect(await run()).toMatchObject({ keyed: 3, merged: 2 })
    expect(await media()).toMatchObject([
      {
        media_id: 'med-b',
        media_url: signed(1_900_000_000),
        fate: 'fetched',
        md5_sum: 'm',
        width: 10,
        external_id: 5,
        ai_analysis_status: 'completed',
        ai_analysis: 'A cat',
        ai_analysis_log: [{ event: 'a' }, { event: 'b' }, { event: 'c' }],
        created_at: new Date('2025-01-01'),
      },
    ])
    const { rows: kept } = await database.query('SELECT * FROM mediakeep.merged_media ORDER BY media_id')
    expect(kept).toMatchObject([
      { media_id: 'med-a', survivor_id: 'med-b', merged_row: before!['whole'] },
      { media_id: 'med-c', survivor_id: 'med-b' },
    ])
  })

  test('of two different files neither is mixed into the other', async () => {
    await insert('med-a', { md5_sum: 'm', local_file_path: 'm.jpg', width: 1 })
    await insert('med-b', { md5_sum: 'n', archive_url: 's3://n', height: 2 })
    await run()
    expect(await media()).toMatchObject([{ media_id: 'med-a', archive_url: null, height: null }])
  })

  test('of a row that has its key: the fresh URL replaces the old one, and revives what was expired', async () => {
    const key = readMediaUrl(signed(1)).sourceKey
    await insert('med-old', {
      media_url: signed(1_000),
      source_key: key,
      fate: 'expired',
      role: 'article',
      json_pointers: ['/a'],
    })
    await insert('med-new', { role: 'thumbnail', json_pointers: ['/b', '/a'] })
    await database.query(`UPDATE post_media SET source_key = NULL WHERE media_id = 'med-new'`)
    await run()
    expect(await media()).toMatchObject([
      {
        media_id: 'med-old',
        media_url: signed(2_000_000_000),
        url_expires_at: new Date(2_000_000_000_000),
        fate: 'waiting',
        role: 'thumbnail',
        json_pointers: ['/a', '/b'],
      },
    ])
  })

  test.each(['rejected', 'gone', 'blocked'])('a fate decided as %s stays', async (fate) => {
    await insert('med-old', { media_url: signed(1_000), source_key: readMediaUrl(signed(1)).sourceKey, fate })
    await insert('med-new')
    await run()
    expect(await media()).toMatchObject([{ media_id: 'med-old', fate }])
  })

  test('rows of unknown tables follow the survivor; where it has such a row already, theirs is kept', async () => {
    await database.pg
      .query(`CREATE SCHEMA other; CREATE TABLE other."Tags" (media text REFERENCES post_media, tag text, PRIMARY KEY (media, tag));
      CREATE TABLE notes (id int, media_id text REFERENCES post_media ON DELETE CASCADE)`)
    await insert('med-a')
    await insert('med-b')
    await database.pg
      .query(`INSERT INTO other."Tags" VALUES ('med-a', 'cat'), ('med-b', 'cat'), ('med-b', 'dog');
      INSERT INTO notes VALUES (1, 'med-a'), (2, 'med-b')`)
    expect(await run()).toMatchObject({ merged: 1 })
    expect((await database.query('SELECT * FROM other."Tags" ORDER BY tag')).rows).toEqual([
      { media: 'med-a', tag: 'cat' },
      { media: 'med-a', tag: 'dog' },
    ])
    expect((await database.query(`SELECT count(*) FROM notes WHERE media_id = 'med-a'`)).rows).toEqual([
      { count: 2 },
    ])
    const { rows } = await database.query(
      `SELECT merged_row -> 'references' AS kept FROM mediakeep.merged_media`,
    )
    expect(rows).toEqual([{ kept: [{ table: 'other."Tags"', row: { media: 'med-b', tag: 'cat' } }] }])
  })

  test('an id that comes back and is merged again loses nothing', async () => {
    await insert('med-a')
    await insert('med-b', { width: 1 })
    await run()
    await insert('med-b', { width: 2 })
    await run()
    const { rows } = await database.query('SELECT merged_row FROM mediakeep.merged_media')
    expect(rows).toMatchObject([{ merged_row: { width: 2, merged_before: { width: 1 } } }])
  })
})

describe('many rows', () => {
  beforeEach(() =>
    database.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, created_at)
      SELECT 'med-' || n, 'p-' || 1 + n % 2, 'image', 'https://cdn.example/' || n % 300, now() FROM generate_series(1, 900) n`),
  )

  test('several at once, in small batches, do the work once', async () => {
    const counts = await Promise.all([1, 2, 3].map(() => run(50)))
    const last = await run()
    const sum = (key: keyof Reconciliation): number =>
      [...counts, last].reduce((total, count) => total + count[key], 0)
    expect(sum('merged')).toBe(600)
    expect(await media()).toHaveLength(300)
    expect((await database.query('SELECT FROM mediakeep.merged_media')).rowCount).toBe(600)
  })

  test('stops between two batches when told, and goes on from there', async () => {
    const abort = new AbortController()
    let read = 0
    const counting = (url: string): ReturnType<typeof readMediaUrl> => {
      if (++read === 150) abort.abort()
      return readMediaUrl(url)
    }
    const first = await reconcile(database, { readMediaUrl: counting, batchSize: 100, signal: abort.signal })
    expect(first.keyed).toBe(200)
    expect((await run()).keyed).toBe(700)
  })

  test('rows that others hold are left for the next time', async () => {
    await database.transaction(async (sql) => {
      await sql.query(`SELECT FROM post_media WHERE media_id = 'med-7' FOR UPDATE`)
      expect((await run()).keyed).toBe(899)
    })
    expect((await run()).keyed).toBe(1)
  })

  test('the search for rows to reconcile reads its index alone', async () => {
    await run()
    await database.pg.query('ANALYZE post_media')
    const { rows } = await database.query(`EXPLAIN SELECT media_id FROM post_media q
      WHERE (q.source_key IS NULL OR q.ai_analysis_log IS NULL OR q.ai_analysis_status = 'pending') AND q.media_id > '' ORDER BY q.media_id LIMIT 500`)
    expect(JSON.stringify(rows)).toContain('post_media_unreconciled_idx')
  })
})
