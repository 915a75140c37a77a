import { sequenceCustody, verifyDatabaseLog } from '@mediakeep/custody'
import { mediaContents, rejectContent, unrejectContent } from '@mediakeep/media'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { evictCache } from './integrity/evict-cache.ts'
import { restoreMedia, verifyMedia } from './integrity/verify-media.ts'
import { verifySample } from './integrity/verify-sample.ts'
import { openKeeping, type Keeping } from './keeping.fixture.ts'
import { archiveAll, seed, type Seeded } from './seed.fixture.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(async () => {
  await keeping.empty()
  await keeping.db.query('DELETE FROM mediakeep.custody_inbox')
})
afterAll(() => keeping.close())

interface Reported {
  readonly kind: string
  readonly subjects: string[]
  readonly details: object
  readonly actor: object
  readonly private: object
}

/** Entries since the last call, in their order. */
async function reported(): Promise<Reported[]> {
  const { rows } = await keeping.db.query<Reported>(
    `SELECT kind, details, actor, private, CASE WHEN items IS NULL THEN ARRAY[subject]
       ELSE ARRAY(SELECT i ->> 'subject' FROM jsonb_array_elements(items) i ORDER BY 1) END AS subjects
     FROM mediakeep.custody_inbox ORDER BY entry_id`,
  )
  expect(await sequenceCustody(keeping.db)).toBe(rows.length)
  expect((await verifyDatabaseLog(keeping.db)).problems).toEqual([])
  return rows
}

const subjectsOf = (...seeded: Seeded[]): string[] =>
  seeded.map(({ content }) => `content:${content.sha256}`).sort()

test('an upload, a check, an eviction and a restore are each in the log, one entry a batch', async () => {
  const [one, other] = [await seed(keeping), await seed(keeping)]
  await archiveAll(keeping)
  const program = { process: 'mediakeep', version: expect.any(String) as string }
  expect(await reported()).toMatchObject([
    { kind: 'archived', subjects: subjectsOf(one, other), actor: program },
  ])
  await verifySample(keeping, { contents: 10, deep: 0 })
  expect(await reported()).toMatchObject([
    { kind: 'verified', subjects: subjectsOf(one, other), details: { depth: 'head' } },
  ])
  await verifyMedia(keeping, [...one.mediaIds, ...other.mediaIds], { depth: 'deep' })
  expect(await reported()).toMatchObject([
    { kind: 'verified', subjects: subjectsOf(one, other), details: { depth: 'deep' } },
  ])
  await evictCache(keeping, { maxBytes: 0, dryRun: true })
  expect(await reported()).toEqual([])
  await evictCache(keeping, { maxBytes: 0 })
  expect(await reported()).toMatchObject([
    { kind: 'verified', details: { depth: 'head' } },
    { kind: 'evicted', subjects: subjectsOf(one, other) },
  ])
  await restoreMedia(keeping, one.mediaIds)
  expect(await reported()).toMatchObject([
    { kind: 'restored', subjects: subjectsOf(one) },
    { kind: 'verified', subjects: subjectsOf(one) },
  ])
})

test('a damaged object is one entry, however often it is looked at, and its return another', async () => {
  const [damaged, fine] = [await seed(keeping), await seed(keeping)]
  await archiveAll(keeping)
  await reported()
  await keeping.rot(damaged.key)
  const mediaIds = [...damaged.mediaIds, ...fine.mediaIds]
  await verifyMedia(keeping, mediaIds, { depth: 'deep' })
  expect(await reported()).toMatchObject([
    { kind: 'verification_failed', subjects: subjectsOf(damaged), details: { next: 'upload' } },
    { kind: 'verified', subjects: subjectsOf(fine) },
  ])
  await verifyMedia(keeping, damaged.mediaIds, { depth: 'deep' })
  expect(await reported()).toEqual([])
  await archiveAll(keeping)
  expect(await reported()).toMatchObject([{ kind: 'restored', subjects: subjectsOf(damaged) }])
})

test('a rejection by a person names the token in the chain, and name and reason only beside it', async () => {
  const seeded = await seed(keeping)
  const [mediaId] = seeded.mediaIds
  const jane = { token: 'tok-1', name: 'Jane' }
  await rejectContent(keeping.db, { mediaId: mediaId!, reason: 'shows Joe' }, jane)
  expect((await mediaContents(keeping.db, [mediaId!]))[0]).toMatchObject({ isRejected: true })
  expect(await reported()).toMatchObject([
    {
      ...{ kind: 'rejected', subjects: subjectsOf(seeded), actor: { token: 'tok-1' }, details: {} },
      private: { reason: 'shows Joe', actorName: 'Jane' },
    },
  ])
  await unrejectContent(keeping.db, { mediaId: mediaId! }, jane)
  await unrejectContent(keeping.db, { mediaId: mediaId! }, jane)
  expect(await reported()).toMatchObject([{ kind: 'unrejected', subjects: subjectsOf(seeded) }])
})
