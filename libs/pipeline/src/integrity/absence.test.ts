import { mkdir, rename, rm } from 'node:fs/promises'
import type { Archive } from '@mediakeep/content'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { archiveAlarm } from './archive-alarm.ts'
import { verifyMedia } from './verify-media.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { archiveAll, contentRow, mediaRow, seed, type Seeded } from '../seed.fixture.ts'
import { verifySample } from './verify-sample.ts'

describe.each(['s3', 'file'] as const)('over an archive of kind %s', (kind) => {
  let keeping: Keeping

  beforeAll(async () => {
    keeping = await openKeeping(kind)
  })
  beforeEach(() => keeping.empty())
  afterAll(() => keeping.close())

  async function seedArchived(count: number): Promise<Seeded[]> {
    const seeded: Seeded[] = []
    for (let n = 0; n < count; n++) seeded.push(await seed(keeping))
    await archiveAll(keeping)
    return seeded
  }

  async function states(seeded: readonly Seeded[]): Promise<unknown[]> {
    return Promise.all(
      seeded.map(async ({ content, mediaIds }) => [
        { ...(await contentRow(keeping.db, content.sha256)), archive_verified_at: undefined },
        await mediaRow(keeping.db, mediaIds[0]!),
      ]),
    )
  }

  const all = { contents: 100, deep: 0 }

  /** The store responds without these objects: another folder is mounted, or the listing is empty. */
  const hiding = (keys: ReadonlySet<string>): Archive => ({
    ...keeping.archive,
    head: (key, signal) => (keys.has(key) ? Promise.resolve(undefined) : keeping.archive.head(key, signal)),
    verify: (key, digests, depth, signal) =>
      keys.has(key) ? Promise.resolve('missing') : keeping.archive.verify(key, digests, depth, signal),
  })

  test('an archive that shows almost nothing stops the verification, and nothing is written but the alarm', async () => {
    const seeded = await seedArchived(30)
    for (const { path } of seeded) await keeping.cache.remove(path)
    const before = await states(seeded)
    const archive = hiding(new Set(seeded.slice(1).map(({ key }) => key)))
    await expect(verifySample({ ...keeping, archive }, all)).rejects.toMatchObject({
      name: 'ArchiveAbsentError',
      code: 'mass_absence',
    })
    const mediaIds = seeded.map(({ mediaIds }) => mediaIds[0]!)
    await expect(verifyMedia({ ...keeping, archive }, mediaIds, { depth: 'head' })).rejects.toMatchObject({
      name: 'ArchiveAbsentError',
    })
    expect(await states(seeded)).toEqual(before)
    expect(await archiveAlarm(keeping.db)).toMatchObject({ checked: 20 })
    expect(await verifySample(keeping, all)).toMatchObject({ ok: 30, failed: 0 })
    expect(await archiveAlarm(keeping.db)).toBeUndefined()
  })

  test('a person who knows that the objects are lost has them brought back all the same', async () => {
    const seeded = await seedArchived(10)
    const archive = hiding(new Set(seeded.map(({ key }) => key)))
    const mediaIds = seeded.map(({ mediaIds }) => mediaIds[0]!)
    const outcomes = await verifyMedia({ ...keeping, archive }, mediaIds, {
      depth: 'head',
      acceptMissing: true,
    })
    expect(outcomes.map(({ next }) => next)).toEqual(seeded.map(() => 'upload'))
  })

  test('one object that cannot be seen keeps its place, and is linked again when it is back', async () => {
    const [gone, ...others] = await seedArchived(10)
    await keeping.cache.remove(gone!.path)
    const archive = hiding(new Set([gone!.key]))
    const url = archive.urlOf(gone!.key)
    expect(await verifySample({ ...keeping, archive }, all)).toMatchObject({ ok: 9, fetch: 1 })
    expect(await contentRow(keeping.db, gone!.content.sha256)).toMatchObject({ archive_url: url })
    expect((await contentRow(keeping.db, gone!.content.sha256))?.archive_missing_since).not.toBeNull()
    expect(await mediaRow(keeping.db, gone!.mediaIds[0]!)).toMatchObject({
      fate: 'waiting',
      archive_url: url,
      local_file_path: gone!.path,
    })
    // The source does not have it either.
    await keeping.db.query(`UPDATE public.post_media SET fate = 'gone' WHERE fate = 'waiting'`)
    expect(await verifySample(keeping, all)).toMatchObject({ ok: 10, fetch: 0 })
    expect(await contentRow(keeping.db, gone!.content.sha256)).toMatchObject({
      archive_url: url,
      archive_missing_since: null,
    })
    expect(await mediaRow(keeping.db, gone!.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
    expect(await mediaRow(keeping.db, others[0]!.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
  })

  test('a missing object of an older key is found again under our own key before a source is asked', async () => {
    const [seeded] = await seedArchived(1)
    await keeping.cache.remove(seeded!.path)
    const old = keeping.archive.urlOf(`cache/2025/11/${seeded!.content.md5}.jpg`)
    await keeping.db.query('UPDATE mediakeep.contents SET archive_url = $1', [old])
    await keeping.db.query('UPDATE public.post_media SET archive_url = $1', [old])
    expect(await verifySample(keeping, all)).toMatchObject({ ok: 1, fetch: 0 })
    const found = keeping.archive.urlOf(seeded!.key)
    expect(await contentRow(keeping.db, seeded!.content.sha256)).toMatchObject({ archive_url: found })
    expect(await mediaRow(keeping.db, seeded!.mediaIds[0]!)).toMatchObject({
      fate: 'fetched',
      archive_url: found,
    })
  })

  test('a damaged object is replaced under the lease of its upload, and not removed before', async () => {
    const [seeded] = await seedArchived(1)
    await keeping.rot(seeded!.key)
    expect(await verifySample(keeping, { contents: 10, deep: 10 })).toMatchObject({ upload: 1 })
    expect(await keeping.objects()).toEqual([seeded!.key])
    await archiveAll(keeping)
    expect(await keeping.archive.verify(seeded!.key, seeded!.content, 'deep')).toBe('ok')
    expect((await contentRow(keeping.db, seeded!.content.sha256))?.archive_missing_since).toBeNull()
  })

  test('a damaged object stays where no whole copy is at hand to replace it', async () => {
    const [seeded] = await seedArchived(1)
    await keeping.rot(seeded!.key)
    await verifySample(keeping, { contents: 10, deep: 10 })
    await keeping.cache.remove(seeded!.path)
    await archiveAll(keeping)
    expect(await keeping.objects()).toEqual([seeded!.key])
    expect(await mediaRow(keeping.db, seeded!.mediaIds[0]!)).toMatchObject({ fate: 'waiting' })
  })
})

describe('over a folder that may be unmounted', () => {
  let keeping: Keeping

  beforeAll(async () => {
    keeping = await openKeeping('file')
  })
  beforeEach(() => keeping.empty())
  afterAll(() => keeping.close())

  test('a folder without its mount is not an empty archive', async () => {
    const seeded = await seed(keeping)
    await archiveAll(keeping)
    const { folder } = keeping.archiveOptions as { folder: string }
    await rename(folder, `${folder}.unmounted`)
    await mkdir(folder)
    try {
      await expect(verifySample(keeping, { contents: 10, deep: 0 })).rejects.toMatchObject({
        code: 'not_mounted',
      })
    } finally {
      await rm(folder, { recursive: true })
      await rename(`${folder}.unmounted`, folder)
    }
    expect(await mediaRow(keeping.db, seeded.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
  })
})
