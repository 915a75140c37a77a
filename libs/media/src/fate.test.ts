import { allowOnlyChanges, createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { queueAgain, seekElsewhere } from './content-state.ts'
import { FATE_CHANGES, FATES, type Fate } from './fate.ts'
import { linkArchived } from './link-archived.ts'
import { promoteRetries } from './promote-retries.ts'
import { findContents, registerContents } from './register-contents.ts'
import { requeueDownloads } from './requeue-downloads.ts'

const SHA256 = 'b'.repeat(64)
const CACHE = '00000000-0000-4000-8000-000000000001'
const URL = 's3://bucket/media/aa'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await allowOnlyChanges(db, { table: 'public.post_media', column: 'fate', changes: FATE_CHANGES })
})
beforeEach(async () => {
  await db.query(
    'TRUNCATE public.posts, public.post_media, mediakeep.contents, mediakeep.caches, mediakeep.events CASCADE',
  )
  await db.query(`INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
})
afterAll(() => db.drop())

async function addRow(id: string, fate: Fate, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const row = { media_id: id, post_id: 'p-1', media_type: 'image', media_url: `https://a.test/${id}`, fate }
  await db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, fate, sha256_sum,
       archive_url, fetched_at, download_not_before)
     SELECT media_id, post_id, media_type, media_url, media_id, fate, sha256_sum, archive_url, fetched_at,
       download_not_before FROM jsonb_populate_record(NULL::public.post_media, $1)`,
    [JSON.stringify({ ...row, ...more })],
  )
}

/** The changes that subscribers receive: `med-1 fate failed>waiting`. */
async function reported(): Promise<string[]> {
  const { rows } = await db.query<{ change: string }>(
    `SELECT format('%s %s %s>%s', c ->> 'mediaId', c ->> 'what', c ->> 'from', c ->> 'to') AS change
     FROM mediakeep.events e CROSS JOIN jsonb_array_elements(e.changes) c ORDER BY e.event_id, 1`,
  )
  return rows.map(({ change }) => change)
}

test('a change of fate that the table does not list is refused', async () => {
  for (const from of FATES) {
    for (const to of FATES.filter((fate) => fate !== from)) {
      await db.query('TRUNCATE public.post_media CASCADE')
      await addRow('med-1', from)
      const changed = await db
        .query('UPDATE public.post_media SET fate = $1', [to])
        .then(() => true)
        .catch(() => false)
      expect([from, to, changed]).toEqual([from, to, FATE_CHANGES[from].includes(to)])
    }
  }
})

test('a retry that is due is reported: failed -> waiting', async () => {
  await addRow('med-1', 'failed', { download_not_before: '2020-01-01' })
  await addRow('med-2', 'failed', { download_not_before: '2999-01-01' })
  await promoteRetries(db)
  expect(await reported()).toEqual(['med-1 fate failed>waiting'])
})

test.each(FATES.filter((fate) => fate !== 'waiting'))(
  'a request to download again is reported: %s -> waiting',
  async (fate) => {
    await addRow('med-1', fate)
    await addRow('med-2', 'waiting')
    expect(await requeueDownloads(db, { mediaIds: ['med-1', 'med-2'], force: true })).toEqual(['med-1'])
    expect(await reported()).toEqual([`med-1 fate ${fate}>waiting`])
  },
)

async function addArchived(): Promise<void> {
  const digests = { sha256: SHA256, md5: 'a'.repeat(32), byteSize: 1 }
  const facts = { mediaType: 'image', mimeType: 'image/jpeg', extension: 'jpg', isInspected: true } as const
  await registerContents(db, [{ ...digests, ...facts }])
  await db.query('INSERT INTO mediakeep.caches (cache_id, host, folder) VALUES ($1, $2, $2)', [CACHE, 'h'])
  await db.query('UPDATE mediakeep.contents SET archive_url = $1, cache_id = $2', [URL, CACHE])
  await addRow('med-1', 'fetched', { sha256_sum: SHA256, archive_url: URL, fetched_at: '2020-01-01' })
}

test('an object that the archive lost is reported once, and again when it is back', async () => {
  await addArchived()
  const missing = { sha256: SHA256, archiveUrl: URL, cacheId: CACHE, reason: 'gone' }
  expect(await queueAgain(db, [missing])).toEqual([SHA256])
  await queueAgain(db, [missing])
  const content = (await findContents(db, [SHA256])).get(SHA256)!
  await linkArchived(db, [{ content, url: URL, wrongUrls: [] }])
  await linkArchived(db, [{ content, url: URL, wrongUrls: [] }])
  expect(await reported()).toEqual([
    'med-1 archive archived>not_archived',
    'med-1 archive not_archived>archived',
  ])
})

test('an object that neither the archive nor a cache shows is reported, with the way back to the source', async () => {
  await addArchived()
  const absent = { sha256: SHA256, archiveUrl: URL, cacheId: CACHE, reason: 'gone' }
  expect(await seekElsewhere(db, [absent])).toEqual(new Map([[SHA256, 'fetch']]))
  expect((await reported()).sort()).toEqual([
    'med-1 archive archived>not_archived',
    'med-1 fate fetched>waiting',
  ])
})

test('changes of many rows become several events, of a bounded number of changes each', async () => {
  await db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, fate)
     SELECT 'med-' || n, 'p-1', 'image', 'https://a.test/' || n, n::text, 'gone' FROM generate_series(1, 2001) n`,
  )
  expect(await requeueDownloads(db, { fates: ['gone'] })).toHaveLength(2001)
  const { rows } = await db.query(
    'SELECT jsonb_array_length(changes) AS size FROM mediakeep.events ORDER BY 1',
  )
  expect(rows.map(({ size }) => size)).toEqual([1, 1000, 1000])
})
