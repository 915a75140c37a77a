import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openS3Archive } from '@mediakeep/archive'
import { collisionPair } from '@mediakeep/checksum/collision'
import { queueArchive } from '@mediakeep/media'
import { type Keeping, openKeeping, s3Away } from '../keeping.fixture.ts'
import { archiveAll, contentRow, type ContentRow, mediaRow, seed, type Seeded } from '../seed.fixture.ts'
import { restoreMedia, verifyMedia } from './verify-media.ts'

describe.each(['s3', 'file'] as const)('over an archive of kind %s', (kind) => {
  let keeping: Keeping

  beforeAll(async () => {
    keeping = await openKeeping(kind)
  })
  beforeEach(() => keeping.empty())
  afterAll(() => keeping.close())

  async function seedArchived(options: Parameters<typeof seed>[1] = {}): Promise<Seeded> {
    const seeded = await seed(keeping, options)
    await archiveAll(keeping)
    await keeping.db.query(`UPDATE mediakeep.contents SET archive_verified_at = now() - interval '1 day'`)
    return seeded
  }

  async function stateOf({ content }: Seeded): Promise<ContentRow> {
    return (await contentRow(keeping.db, content.sha256))!
  }

  const flip = (path: string): Promise<void> => writeFile(join(keeping.cache.root, path), 'y'.repeat(2000))

  test('what is whole is said to be so, and when it was seen', async () => {
    const seeded = await seedArchived({ rows: 2 })
    const [first, second] = seeded.mediaIds
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'deep' })).toEqual([
      { mediaId: first, cache: 'ok', archive: 'ok' },
      { mediaId: second, cache: 'ok', archive: 'ok' },
    ])
    expect((await stateOf(seeded)).archive_verified_at!.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  test('a flipped byte goes to quarantine, and the file comes back from the archive', async () => {
    const { path, content, mediaIds } = await seedArchived()
    await flip(path)
    expect(await verifyMedia(keeping, mediaIds, { depth: 'head' })).toMatchObject([
      { cache: 'restored', archive: 'ok' },
    ])
    expect(await keeping.cache.verify(path, content)).toBe('ok')
    const quarantine = await readdir(join(keeping.cache.root, 'quarantine'))
    expect(quarantine.some((name) => name.endsWith(`${content.md5}.jpg`))).toBe(true)
  })

  test.each(['missing', 'corrupt'] as const)(
    'a flipped byte goes back to the source when the archive’s object is %s',
    async (what) => {
      const seeded = await seedArchived({ rows: 2 })
      await flip(seeded.path)
      await (what === 'missing' ? keeping.archive.remove(seeded.key) : keeping.rot(seeded.key))
      const outcomes = await verifyMedia(keeping, seeded.mediaIds, { depth: 'head' })
      expect(outcomes).toMatchObject([{ cache: 'corrupt', archive: what, next: 'fetch' }, { next: 'fetch' }])
      const url = keeping.archive.urlOf(seeded.key)
      for (const id of seeded.mediaIds) {
        expect(await mediaRow(keeping.db, id)).toMatchObject({
          fate: 'waiting',
          local_file_path: seeded.path,
          archive_url: url,
        })
      }
      expect(await stateOf(seeded)).toMatchObject({
        archive_url: url,
        archive_missing_since: expect.any(Date) as Date,
        missing_from: [keeping.cache.id],
        archive_not_before: null,
        cache_id: null,
      })
    },
  )

  test('a missing object is uploaded again from the cache', async () => {
    const seeded = await seedArchived()
    await keeping.archive.remove(seeded.key)
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'head' })).toMatchObject([
      { cache: 'ok', archive: 'missing', next: 'upload' },
    ])
    expect((await stateOf(seeded)).archive_missing_since).not.toBeNull()
    await archiveAll(keeping)
    expect((await stateOf(seeded)).archive_missing_since).toBeNull()
    expect(await keeping.objects()).toEqual([seeded.key])
    expect((await mediaRow(keeping.db, seeded.mediaIds[0]!)).archive_url).toBe(
      keeping.archive.urlOf(seeded.key),
    )
  })

  test('an object that rotted is replaced from the cache', async () => {
    const seeded = await seedArchived()
    await keeping.rot(seeded.key)
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'head' })).toMatchObject([{ archive: 'ok' }])
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'deep' })).toMatchObject([
      { cache: 'ok', archive: 'corrupt', next: 'upload' },
    ])
    // The next upload removes the object, under its lease.
    expect(await keeping.objects()).toEqual([seeded.key])
    await archiveAll(keeping)
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'deep' })).toMatchObject([{ archive: 'ok' }])
  })

  test('an unmounted cache, and an archive that is away, change nothing', async () => {
    const seeded = await seedArchived()
    const before = await stateOf(seeded)
    const { root } = keeping.cache
    await rename(root, `${root}.unmounted`)
    try {
      const verified = verifyMedia(keeping, seeded.mediaIds, { depth: 'head' })
      await expect(verified).rejects.toMatchObject({ name: 'CacheUnavailableError' })
    } finally {
      await rename(`${root}.unmounted`, root)
    }
    const archive = openS3Archive(s3Away)
    await expect(
      verifyMedia({ ...keeping, archive }, seeded.mediaIds, { depth: 'head' }),
    ).rejects.toMatchObject({
      name: 'ArchiveError',
    })
    expect(await stateOf(seeded)).toEqual(before)
    expect((await mediaRow(keeping.db, seeded.mediaIds[0]!)).fate).toBe('fetched')
  })

  test('a file that only another machine has is missing here, and nothing is done about it', async () => {
    const seeded = await seed(keeping)
    await keeping.cache.remove(seeded.path)
    await keeping.db.query('UPDATE mediakeep.contents SET cache_id = gen_random_uuid()')
    const before = await stateOf(seeded)
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'head' })).toEqual([
      { mediaId: seeded.mediaIds[0], cache: 'missing', archive: 'none' },
    ])
    expect(await stateOf(seeded)).toEqual(before)
  })

  test('what another archive holds is not fetched again because this one has not got it', async () => {
    const seeded = await seedArchived()
    await keeping.db.query(`UPDATE mediakeep.contents SET archive_url = 's3://elsewhere/' || name`)
    await keeping.cache.remove(seeded.path)
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'head' })).toEqual([
      { mediaId: seeded.mediaIds[0], cache: 'missing', archive: 'none' },
    ])
    expect((await mediaRow(keeping.db, seeded.mediaIds[0]!)).fate).toBe('fetched')
  })

  test('restore brings evicted files back, and tells what there is nothing of', async () => {
    const seeded = await seedArchived()
    await keeping.cache.remove(seeded.path)
    expect(await verifyMedia(keeping, seeded.mediaIds, { depth: 'head' })).toMatchObject([
      { cache: 'missing' },
    ])
    expect(await keeping.cache.size(seeded.path)).toBeUndefined()
    expect(await restoreMedia(keeping, [...seeded.mediaIds, 'med-none'])).toEqual([
      { mediaId: seeded.mediaIds[0], cache: 'restored', archive: 'ok' },
      { mediaId: 'med-none', cache: 'missing', archive: 'none', error: 'no such media' },
    ])
    expect(await restoreMedia(keeping, seeded.mediaIds)).toMatchObject([{ cache: 'ok', archive: 'ok' }])
  })

  test('two contents with one MD5 are archived, evicted and restored each as itself', async () => {
    const pair = [
      await seed(keeping, { bytes: collisionPair()[0] }),
      await seed(keeping, { bytes: collisionPair()[1] }),
    ]
    const [one, two] = pair.map(({ content }) => content)
    expect([one!.md5, two!.name]).toEqual([two!.md5, `${two!.md5}-${two!.sha256}`])
    await archiveAll(keeping)
    expect((await keeping.objects()).sort()).toEqual(pair.map(({ key }) => key).sort())
    for (const { path } of pair) await keeping.cache.remove(path)
    const mediaIds = pair.flatMap((seeded) => seeded.mediaIds)
    expect(await restoreMedia(keeping, mediaIds)).toMatchObject([
      { cache: 'restored' },
      { cache: 'restored' },
    ])
    for (const { path, bytes } of pair) {
      expect(await readFile(join(keeping.cache.root, path))).toEqual(bytes)
    }
    expect(await verifyMedia(keeping, mediaIds, { depth: 'deep' })).toMatchObject([
      { cache: 'ok', archive: 'ok' },
      { cache: 'ok', archive: 'ok' },
    ])
  })

  test('media that were given up are queued again', async () => {
    const archived = await seedArchived()
    const given = await seed(keeping)
    const rejected = await seed(keeping)
    await keeping.db.query(
      `UPDATE mediakeep.contents SET archive_not_before = NULL, archive_attempts = 16,
       rejected_at = CASE WHEN sha256_sum = $1 THEN now() END WHERE archive_url IS NULL`,
      [rejected.content.sha256],
    )
    const asked = [archived, given, rejected].map((seeded) => seeded.mediaIds[0]!)
    const states = await queueArchive(keeping.db, [...asked, 'med-none'])
    expect(states.map(({ state }) => state)).toEqual(['archived', 'queued', 'rejected', 'none'])
    await archiveAll(keeping)
    expect((await stateOf(given)).archive_url).not.toBeNull()
    expect((await stateOf(rejected)).archive_url).toBeNull()
  })

  test('many files are read on all cores, and mended like few', async () => {
    const seeded = await Promise.all(Array.from({ length: 40 }, () => seed(keeping)))
    await archiveAll(keeping)
    await flip(seeded[7]!.path)
    await keeping.cache.remove(seeded[8]!.path)
    const outcomes = await verifyMedia(
      keeping,
      seeded.map(({ mediaIds }) => mediaIds[0]!),
      { depth: 'head' },
    )
    expect(outcomes.map(({ cache }) => cache)).toEqual(
      seeded.map((_, n) => (n === 7 ? 'restored' : n === 8 ? 'missing' : 'ok')),
    )
  })
})
