import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Archive } from '@mediakeep/content'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { evictCache } from './evict-cache.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { archiveAll, mediaRow, seed, type Seeded } from '../seed.fixture.ts'

describe.each(['s3', 'file'] as const)('over an archive of kind %s', (kind) => {
  let keeping: Keeping

  beforeAll(async () => {
    keeping = await openKeeping(kind)
  })
  beforeEach(async () => {
    await keeping.empty()
    for await (const file of keeping.cache.list()) await keeping.cache.remove(file.path)
  })
  afterAll(() => keeping.close())

  async function seedOld(hoursAgo: number): Promise<Seeded> {
    const seeded = await seed(keeping)
    const time = new Date(Date.now() - hoursAgo * 3_600_000)
    await utimes(join(keeping.cache.root, seeded.path), time, time)
    return seeded
  }

  async function isHere({ path }: Seeded): Promise<boolean> {
    return (await keeping.cache.size(path)) !== undefined
  }

  test('eviction removes what was unused longest, and clears no row', async () => {
    const [old, older, young] = [await seedOld(5), await seedOld(9), await seedOld(1)]
    await archiveAll(keeping)
    // Uploading does not count as use of a file.
    for (const [n, seeded] of [old, older, young].entries()) {
      const time = new Date(Date.now() - [5, 9, 1][n]! * 3_600_000)
      await utimes(join(keeping.cache.root, seeded.path), time, time)
    }
    expect(await evictCache(keeping, { maxBytes: 4000, dryRun: true })).toMatchObject({
      removed: [older.path],
    })
    expect(await isHere(older)).toBe(true)
    expect(await evictCache(keeping, { maxBytes: 4000 })).toMatchObject({
      removed: [older.path],
      remainingBytes: 4000,
    })
    expect([await isHere(old), await isHere(older), await isHere(young)]).toEqual([true, false, true])
    expect((await mediaRow(keeping.db, older.mediaIds[0]!)).local_file_path).toBe(older.path)
  })

  test('eviction spares what is not archived, not verified, not there any more, or in another archive', async () => {
    const [unverified, missing, elsewhere, fine] = [
      await seedOld(5),
      await seedOld(5),
      await seedOld(5),
      await seedOld(1),
    ]
    await archiveAll(keeping)
    const unarchived = await seedOld(9)
    await keeping.db.query('UPDATE mediakeep.contents SET archive_verified_at = NULL WHERE sha256_sum = $1', [
      unverified.content.sha256,
    ])
    await keeping.db.query(
      `UPDATE mediakeep.contents SET archive_url = 's3://other/x' WHERE sha256_sum = $1`,
      [elsewhere.content.sha256],
    )
    await keeping.archive.remove(missing.key)
    expect(await evictCache(keeping, { maxBytes: 0 })).toMatchObject({ removed: [fine.path], refused: 4 })
    for (const seeded of [unarchived, unverified, missing, elsewhere]) expect(await isHere(seeded)).toBe(true)
  })

  test('eviction spares what was found missing in the archive between the look and the removal', async () => {
    const seeded = await seedOld(5)
    await archiveAll(keeping)
    const archive: Archive = {
      ...keeping.archive,
      async verify(...asked) {
        const check = await keeping.archive.verify(...asked)
        await keeping.db.query('UPDATE mediakeep.contents SET archive_url = NULL')
        return check
      },
    }
    await evictCache({ ...keeping, archive }, { maxBytes: 0 })
    expect(await isHere(seeded)).toBe(true)
  })
})
