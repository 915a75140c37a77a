import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FileCache, openCache } from '@mediakeep/cache'
import { ArchiveError } from '@mediakeep/content'
import { downloadQueue, returnToSource, settleDownloads } from '@mediakeep/media'
import { cacheHeartbeat } from '../integrity/cache-heartbeat.ts'
import { restoreMedia, verifyMedia } from '../integrity/verify-media.ts'
import { verifySample } from '../integrity/verify-sample.ts'
import { type Keeping, openKeeping } from '../keeping.fixture.ts'
import { archiveAll, contentRow, mediaRow, seed, silent } from '../seed.fixture.ts'
import { archiveStage } from './archive-stage.ts'

let keeping: Keeping
let folder: string
let other: FileCache
beforeAll(async () => {
  keeping = await openKeeping('file')
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-other-cache-'))
  other = await openCache(folder, { create: true })
})
beforeEach(() => keeping.empty())
afterAll(async () => {
  await keeping.close()
  await rm(folder, { recursive: true, force: true })
})

const running = new AbortController().signal

async function see(cache: FileCache, hoursAgo = 0): Promise<void> {
  await cacheHeartbeat(keeping.db, { id: cache.id, host: 'tower', folder: cache.root }).drain(running)
  await keeping.db.query(
    'UPDATE mediakeep.caches SET last_seen_at = now() - make_interval(hours => $2) WHERE cache_id = $1',
    [cache.id, hoursAgo],
  )
}

test('what only an absent cache holds goes back to its source, and is linked again when the cache is back', async () => {
  const alone = await seed({ ...keeping, cache: other })
  await see(other, 23)
  expect(await returnToSource(keeping.db)).toBe(0)
  await see(other, 25)
  expect(await returnToSource(keeping.db)).toBe(1)
  expect(await returnToSource(keeping.db)).toBe(0)
  const row = await mediaRow(keeping.db, alone.mediaIds[0]!)
  expect(row).toMatchObject({ fate: 'waiting', local_file_path: alone.path })
  expect(row.fate_reason).toContain('its cache on tower was last seen')
  expect(await contentRow(keeping.db, alone.content.sha256)).toMatchObject({ cache_id: other.id })
  // The source no longer has the file; then the machine returns.
  await keeping.db.query(`UPDATE public.post_media SET fate = 'gone'`)
  await archiveAll({ ...keeping, cache: other })
  expect(await mediaRow(keeping.db, alone.mediaIds[0]!)).toMatchObject({
    fate: 'fetched',
    archive_url: keeping.archive.urlOf(alone.key),
  })
})

test('bytes that the source brought to another cache are uploaded from there', async () => {
  const alone = await seed({ ...keeping, cache: other })
  await see(other, 25)
  await returnToSource(keeping.db)
  await seed(keeping, { bytes: alone.bytes })
  await archiveAll(keeping)
  expect(await keeping.objects()).toEqual([alone.key])
})

test.each(['inspect', 'archive'])(
  'bytes fetched again are the new cache’s at once, even if the absent one was lost with a lease to %s them',
  async (stage) => {
    const alone = await seed({ ...keeping, cache: other })
    await keeping.db.query(
      `UPDATE mediakeep.contents SET ${stage}_lease_token = gen_random_uuid(),
         ${stage}_lease_expires_at = now() + interval '1 minute', inspected_at = CASE WHEN $1 THEN NULL ELSE now() END`,
      [stage === 'inspect'],
    )
    await see(other, 25)
    await returnToSource(keeping.db)
    const [row] = await downloadQueue.claim(keeping.db, { limit: 1, leaseSeconds: 30 })
    const fetched = { claimedMimeType: undefined, lengthVerified: true, hasFile: true }
    await settleDownloads(keeping.db, keeping.cache.id, [
      { row: row!, sha256: alone.content.sha256, ...fetched },
    ])
    expect(await contentRow(keeping.db, alone.content.sha256)).toMatchObject({
      cache_id: keeping.cache.id,
      [`${stage}_lease_token`]: null,
    })
  },
)

test('a lost object is uploaded from another machine’s cache before its source is asked', async () => {
  const one = await seed(keeping)
  await archiveAll(keeping)
  await seed({ ...keeping, cache: other }, { bytes: one.bytes })
  for (const cache of [keeping.cache, other]) await see(cache)
  await keeping.cache.remove(one.path)
  await keeping.archive.remove(one.key)
  expect(await verifySample(keeping, { contents: 10, deep: 0 })).toMatchObject({ upload: 1, fetch: 0 })
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({ cache_id: other.id })
  await archiveAll({ ...keeping, cache: other })
  expect(await keeping.objects()).toEqual([one.key])
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
})

test('when no cache in use has it, its source is asked', async () => {
  const one = await seed(keeping)
  await archiveAll(keeping)
  for (const cache of [keeping.cache, other]) await see(cache)
  await keeping.cache.remove(one.path)
  await keeping.archive.remove(one.key)
  await verifySample(keeping, { contents: 10, deep: 0 })
  await archiveAll({ ...keeping, cache: other })
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'waiting' })
  const row = await contentRow(keeping.db, one.content.sha256)
  expect(row).toMatchObject({ archive_url: keeping.archive.urlOf(one.key) })
  expect(row!.missing_from.toSorted()).toEqual([keeping.cache.id, other.id].toSorted())
})

test('one object that the store refuses holds up no other; a store that refuses all of them is an outage', async () => {
  const [refused, ...others] = [await seed(keeping), await seed(keeping), await seed(keeping)]
  const refuse = (isRefused: (key: string) => boolean): Keeping['archive'] => ({
    ...keeping.archive,
    put: (source, signal) =>
      isRefused(source.key)
        ? Promise.reject(new ArchiveError('denied', `PUT ${source.key}: AccessDenied (HTTP 403)`))
        : keeping.archive.put(source, signal),
  })
  const options = { ...keeping, concurrency: 4, leaseSeconds: 30, log: silent }
  const all = archiveStage({ ...options, archive: refuse(() => true) })
  await expect(all.drain(running)).rejects.toMatchObject({ code: 'denied' })
  expect(await contentRow(keeping.db, refused.content.sha256)).toMatchObject({ archive_attempts: 0 })
  const one = archiveStage({ ...options, archive: refuse((key) => key === refused.key) })
  expect(await one.drain(running)).toEqual({ done: 2, failed: 1 })
  expect((await keeping.objects()).toSorted()).toEqual(others.map(({ key }) => key).toSorted())
  expect(await contentRow(keeping.db, refused.content.sha256)).toMatchObject({
    archive_attempts: 1,
    archive_error: expect.stringContaining('403') as string,
  })
})

test('an object in a cold storage class is neither missing nor damaged: its content keeps its place', async () => {
  const one = await seed(keeping)
  await archiveAll(keeping)
  const cold = (): Promise<never> =>
    Promise.reject(new ArchiveError('cold', 'GET: InvalidObjectState (HTTP 403)'))
  const archive: Keeping['archive'] = {
    ...keeping.archive,
    open: cold,
    verify: (key, digests, depth) =>
      depth === 'deep' ? cold() : keeping.archive.verify(key, digests, depth),
  }
  const before = await contentRow(keeping.db, one.content.sha256)
  expect(await verifyMedia({ ...keeping, archive }, one.mediaIds, { depth: 'deep' })).toMatchObject([
    { error: expect.stringContaining('InvalidObjectState') as string },
  ])
  expect(await verifySample({ ...keeping, archive }, { contents: 10, deep: 10 })).toMatchObject({
    upload: 0,
    fetch: 0,
    failed: 1,
  })
  await keeping.cache.remove(one.path)
  const [restored] = await restoreMedia({ ...keeping, archive }, one.mediaIds)
  expect(restored!.error).toContain('InvalidObjectState')
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({
    archive_url: before!.archive_url,
    archive_missing_since: null,
    missing_from: before!.missing_from,
  })
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
})
