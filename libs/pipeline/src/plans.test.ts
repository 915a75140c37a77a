import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MediaFacts, NotMediaError } from '@mediakeep/content'
import { markVerified, mediaContents, queueAgain, seekElsewhere } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { explaining } from '@mediakeep/testing'
import { archiveStage } from './archive/archive-stage.ts'
import { inspectStage } from './inspect/inspect-stage.ts'
import { scriptedInspector } from './inspect/inspector.fixture.ts'
import { evictCache } from './integrity/evict-cache.ts'
import { findOrphanFiles } from './integrity/orphan-files.ts'
import { collectGarbage } from './integrity/collect-garbage.ts'
import { seekMissing } from './integrity/seek-missing.ts'
import { verifySample } from './integrity/verify-sample.ts'
import { type Keeping, openKeeping } from './keeping.fixture.ts'
import { seed, type Seeded, silent } from './seed.fixture.ts'

let keeping: Keeping
let seeded: Seeded

beforeAll(async () => {
  keeping = await openKeeping('file')
  const { db, cache } = keeping
  await db.query(`INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await db.transaction(async (sql) => {
    await sql.query('SET LOCAL session_replication_role = replica')
    // Most are archived; of the rest, some are due, in this cache and another, and some await inspection.
    await sql.query(
      `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension,
         cache_id, archive_url, archive_verified_at, archive_not_before, inspected_at, inspect_not_before, created_at)
       SELECT encode(sha256(n::text::bytea), 'hex'), md5(n::text), md5(n::text), 9, 'image', 'image/jpeg', 'jpg',
         CASE WHEN n % 2 = 0 THEN $1::uuid ELSE gen_random_uuid() END,
         CASE WHEN n % 5 <> 0 THEN 'file:media/' || n END, now() - make_interval(secs => n),
         CASE WHEN n % 5 = 0 THEN now() + make_interval(secs => n) END,
         CASE WHEN n % 10 <> 5 THEN now() END, now() + make_interval(secs => n), now() - make_interval(secs => n)
       FROM generate_series(1, 40000) n`,
      [cache.id],
    )
    await sql.query(
      `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, sha256_sum, fate)
       SELECT 'med-' || n, 'p-1', 'image', 'https://a.test/' || n, encode(sha256((n / 2)::text::bytea), 'hex'), 'fetched'
       FROM generate_series(1, 80000) n`,
    )
  })
  await db.query('VACUUM ANALYZE public.post_media')
  await db.query('VACUUM ANALYZE mediakeep.contents')
  seeded = await seed(keeping)
})
afterAll(() => keeping.close())

/** The query plans of the given database calls. */
async function plansOf(ask: (db: Database) => Promise<unknown>): Promise<string> {
  const { db, plans } = explaining(keeping.db)
  await ask(db)
  return plans.join('\n')
}

const WHOLE_TABLE = /Seq Scan on (?:post_media|contents)/
const running = new AbortController().signal

test('claiming and settling uploads reads by index alone', async () => {
  const plans = await plansOf((db) =>
    archiveStage({ ...keeping, db, concurrency: 16, leaseSeconds: 30, log: silent }).drain(running),
  )
  expect(plans).toContain('contents_unarchived_idx')
  expect(plans).toContain('post_media_sha256_sum_idx')
  expect(plans).not.toMatch(WHOLE_TABLE)
})

test('claiming and settling inspections reads by index alone', async () => {
  const verdicts = [undefined, new NotMediaError('undecodable', 'none'), new Error('no disk')]
  const { db } = keeping
  for (let n = 0; n < verdicts.length; n++) await seed(keeping, { isInspected: false })
  const plans = await plansOf((explained) => {
    const inspect = (): Promise<MediaFacts> => {
      const verdict = verdicts.pop()
      return verdict
        ? Promise.reject(verdict)
        : Promise.resolve({ mediaType: 'image', mimeType: 'image/jpeg', extension: 'jpg', width: 1 })
    }
    const options = {
      ...keeping,
      db: explained,
      inspector: scriptedInspector(inspect),
      concurrency: 4,
      leaseSeconds: 30,
    }
    return inspectStage({ ...options, log: silent }).drain(running)
  })
  const left = await db.query(
    `SELECT FROM mediakeep.contents WHERE inspected_at IS NULL AND cache_id = $1
    AND inspect_not_before <= now()`,
    [keeping.cache.id],
  )
  expect(left.rowCount).toBe(0)
  expect(plans).toContain('contents_inspect_queue_idx')
  expect(plans).toContain('post_media_sha256_sum_idx')
  expect(plans).not.toMatch(WHOLE_TABLE)
})

test('looking up, verifying and evicting reads by index alone', async () => {
  const { sha256 } = seeded.content
  const plans = await plansOf(async (db) => {
    await mediaContents(db, seeded.mediaIds)
    await expect(verifySample({ ...keeping, db }, { contents: 20, deep: 1 })).rejects.toThrow('sampled')
    await evictCache({ ...keeping, db }, { maxBytes: 0 })
    await markVerified(db, [sha256], 'head')
    await queueAgain(db, [{ sha256, archiveUrl: 'file:x', cacheId: keeping.cache.id, reason: 'gone' }])
    await seekElsewhere(db, [{ sha256, reason: 'gone' }])
  })
  expect(plans).toContain('contents_archive_verified_idx')
  expect(plans).toContain('contents_name_key')
  expect(plans).not.toMatch(WHOLE_TABLE)
})

test('contents that a cache lacked are found by index alone', async () => {
  const { sha256 } = seeded.content
  await keeping.db.query(
    `UPDATE mediakeep.contents SET missing_from = ARRAY[gen_random_uuid()], archive_not_before = NULL, archive_url = NULL
     WHERE sha256_sum = $1`,
    [sha256],
  )
  const plans = await plansOf((db) => seekMissing({ ...keeping, db }, { contents: 100 }))
  expect(plans).toContain('contents_missing_from_idx')
  expect(plans).not.toMatch(WHOLE_TABLE)
})

test('a pass of garbage collection reads its part of the contents by index alone', async () => {
  const plans = await plansOf((db) => collectGarbage({ ...keeping, db }, { minAgeSeconds: 0, contents: 100 }))
  expect(plans).toContain('contents_created_idx')
  expect(plans).not.toMatch(WHOLE_TABLE)
})

test('the rows of files without a content are found by index alone', async () => {
  const file = { path: 'images/nobody-knows-it.jpg', byteSize: 9, lastUsedAt: new Date(0) }
  const cache = { list: () => Readable.from([file]) }
  const plans = await plansOf((db) => findOrphanFiles({ db, cache }, 0, () => Promise.resolve()))
  expect(plans).toContain('post_media_local_file_path_idx')
  expect(plans).not.toMatch(WHOLE_TABLE)
})
