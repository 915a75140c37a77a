import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rejectContent, unrejectContent } from '@mediakeep/media'
import { png } from './origin.fixture.ts'
import {
  addMedia,
  filesIn,
  forever,
  mediaRow,
  mediaRows,
  useCache,
  useDatabase,
  useOrigin,
  useStage,
} from './world.fixture.ts'

const database = useDatabase()

test('one picture behind many URLs of unrelated authors is flagged; of two authors it is not', async () => {
  const origin = await useOrigin((path) => ({ body: png(path.split('/')[1]!) }))
  await addMedia(database(), [
    ...Array.from({ length: 6 }, (_, n) => ({
      id: `med-x${n}`,
      url: origin.url(`/expired/${n}`),
      author: `author ${n % 3}`,
    })),
    ...Array.from({ length: 6 }, (_, n) => ({
      id: `med-l${n}`,
      url: origin.url(`/logo/${n}`),
      author: `author ${n % 2}`,
    })),
    ...Array.from({ length: 4 }, (_, n) => ({
      id: `med-v${n}`,
      url: origin.url(`/few/${n}`),
      author: `author ${n}`,
    })),
  ])
  await (await useStage(database(), [origin])).drain(forever())
  const flagged = await database().query<{ media_id: string }>(
    `SELECT m.media_id FROM public.post_media m JOIN mediakeep.contents c USING (sha256_sum)
     WHERE c.placeholder_suspected_at IS NOT NULL ORDER BY m.media_id`,
  )
  expect(flagged.rows.map((row) => row.media_id)).toEqual([0, 1, 2, 3, 4, 5].map((n) => `med-x${n}`))
  expect((await mediaRows(database())).every((row) => row.fate === 'fetched')).toBe(true)
})

test('a content judged a placeholder is rejected in all its rows, and in those to come', async () => {
  const origin = await useOrigin(() => ({ body: png('expired') }))
  const cache = await useCache()
  await addMedia(
    database(),
    [1, 2, 3].map((n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  const stage = await useStage(database(), [origin], { cache })
  await stage.drain(forever())
  await database().query(
    `UPDATE mediakeep.contents SET inspected_at = now(), inspect_not_before = NULL, inspect_lease_token = gen_random_uuid(),
       inspect_lease_expires_at = now() + interval '1 minute'`,
  )
  const reason = 'the host says "link expired"'
  expect((await rejectContent(database(), { mediaId: 'med-2', reason })).sort()).toEqual([
    'med-1',
    'med-2',
    'med-3',
  ])
  // Its file is queued for removal in the cache that has it, even during an inspection.
  const queued = await database().query(
    `SELECT cache_id, inspected_at, inspect_not_before <= now() AS due, inspect_lease_token FROM mediakeep.contents`,
  )
  expect(queued.rows).toEqual([
    { cache_id: cache.id, inspected_at: null, due: true, inspect_lease_token: null },
  ])
  const { local_file_path: path } = await mediaRow(database(), 'med-1')
  await cache.remove(path!)
  await addMedia(database(), [{ id: 'med-4', url: origin.url('/4') }])
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 1 })
  for (const row of await mediaRows(database())) {
    expect(row).toMatchObject({ fate: 'rejected', fate_reason: reason, download_lease_token: null })
  }
  expect(await filesIn(cache)).toEqual([])
  const contents = await database().query(
    'SELECT archive_not_before, rejected_reason FROM mediakeep.contents',
  )
  expect(contents.rows).toEqual([{ archive_not_before: null, rejected_reason: reason }])
})

test('a placeholder shown 20,000 times is rejected, and taken back, in transactions and events of 1,000 rows', async () => {
  const shown = 20_000
  const sha256 = 'a'.repeat(64)
  await database().query(
    `WITH content AS (INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension)
       VALUES ($1, left($1, 32), left($1, 32), 9, 'image', 'image/png', 'png')),
     posts AS (INSERT INTO public.posts (post_id, urn, posted_at_timestamp)
       SELECT 'p-' || n, 'u-' || n, 0 FROM generate_series(1, $2::int) n)
     INSERT INTO public.post_media (media_id, post_id, media_type, media_url, fate, sha256_sum)
     SELECT 'med-' || n, 'p-' || n, 'image', 'http://a.test/' || n, 'fetched', $1 FROM generate_series(1, $2::int) n`,
    [sha256, shown],
  )
  const bounds = async (): Promise<unknown> => {
    const { rows } = await database().query(
      `SELECT (SELECT max(n) FROM (SELECT count(*) AS n FROM public.post_media GROUP BY xmin::text) t) AS "transaction",
         (SELECT max(jsonb_array_length(changes)) FROM mediakeep.events) AS event,
         (SELECT sum(jsonb_array_length(changes)) FROM mediakeep.events) AS changes`,
    )
    return rows[0]
  }
  expect(await rejectContent(database(), { mediaId: 'med-7', reason: 'expired' })).toHaveLength(shown)
  expect(await bounds()).toMatchObject({ transaction: 1000, event: 1000 })
  const { rows } = await database().query('SELECT fate, count(*) AS n FROM public.post_media GROUP BY 1')
  expect(rows).toEqual([{ fate: 'rejected', n: shown }])
  expect(await unrejectContent(database(), { mediaId: 'med-9' })).toHaveLength(shown)
  expect(await bounds()).toMatchObject({ transaction: 1000, event: 1000 })
  expect(await unrejectContent(database(), { mediaId: 'med-9' })).toEqual([])
})

test('what a sniffer refuses goes to quarantine with its reason; a page of HTML does not', async () => {
  const broken = Buffer.from('bytes of no type that anybody knows')
  const origin = await useOrigin((path) => ({ body: path === '/page' ? '<html>expired</html>' : broken }))
  const cache = await useCache()
  await addMedia(database(), [
    { id: 'med-1', url: origin.url('/broken') },
    { id: 'med-2', url: origin.url('/page') },
  ])
  expect(await (await useStage(database(), [origin], { cache })).drain(forever())).toEqual({
    done: 0,
    failed: 2,
  })
  const { rows } = await database().query<{ name: string; reason: string }>(
    `SELECT file_name AS name, media_id AS "mediaId", reason, cache_id AS "cacheId" FROM mediakeep.quarantine`,
  )
  const row = await mediaRow(database(), 'med-1')
  expect(row).toMatchObject({
    fate: 'rejected',
    media_type: 'image',
    byte_size: broken.length,
    fetched_at: null,
  })
  expect(row.fate_reason).toMatch(/^unknown_type: /)
  expect(rows).toEqual([
    { name: `${row.sha256_sum!}.bin`, mediaId: 'med-1', reason: row.fate_reason, cacheId: cache.id },
  ])
  expect(await filesIn(cache)).toEqual([`quarantine/${rows[0]!.name}`])
  expect(await readFile(join(cache.root, 'quarantine', rows[0]!.name))).toEqual(broken)
  expect(await mediaRow(database(), 'med-2')).toMatchObject({ fate: 'rejected', sha256_sum: null })
})

test('bytes that were refused and released are kept when another row brings them', async () => {
  const broken = Buffer.from('bytes of no type that anybody knows')
  const origin = await useOrigin(() => ({ body: broken }))
  const cache = await useCache()
  const stage = await useStage(database(), [origin], { cache })
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  await stage.drain(forever())
  await addMedia(database(), [{ id: 'med-2', url: origin.url('/2') }])
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 1 })
  expect(await unrejectContent(database(), { mediaId: 'med-1' })).toEqual(['med-1', 'med-2'])
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'fetched' })
  await addMedia(database(), [{ id: 'med-3', url: origin.url('/3') }])
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 0 })
  const { local_file_path: path } = await mediaRow(database(), 'med-3')
  expect(await readFile(join(cache.root, path!))).toEqual(broken)
})

test('a row without a content is rejected alone; an unknown one not at all', async () => {
  await addMedia(
    database(),
    [1, 2].map((n) => ({ id: `med-${n}`, url: `http://a.test/${n}` })),
  )
  expect(await rejectContent(database(), { mediaId: 'med-1', reason: 'not ours' })).toEqual(['med-1'])
  expect((await mediaRows(database())).map((row) => row.fate)).toEqual(['rejected', 'waiting'])
  expect(await rejectContent(database(), { mediaId: 'med-9', reason: 'not ours' })).toEqual([])
})
