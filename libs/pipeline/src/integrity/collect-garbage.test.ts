import { mkdir, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileCache } from '@mediakeep/cache'
import type { Archive } from '@mediakeep/content'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { collectGarbage } from './collect-garbage.ts'
import { archiveAll, contentRow, mediaRow, reject, seed, type Seeded } from '../seed.fixture.ts'

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

  async function isHere({ path }: Seeded): Promise<boolean> {
    return (await keeping.cache.size(path)) !== undefined
  }

  async function forget({ content, mediaIds }: Seeded, age = '2 hours'): Promise<void> {
    await keeping.db.query('DELETE FROM public.post_media WHERE media_id = ANY($1)', [mediaIds])
    await keeping.db.query(
      'UPDATE mediakeep.contents SET created_at = now() - $2::interval WHERE sha256_sum = $1',
      [content.sha256, age],
    )
  }

  test('a file of a rejected content that nobody knew of is queued for its removal', async () => {
    const [restored, overlooked, kept] = [await seed(keeping), await seed(keeping), await seed(keeping)]
    for (const one of [restored, overlooked]) await reject(keeping.db, one)
    const set = (one: Seeded, changes: string): Promise<unknown> =>
      keeping.db.query(`UPDATE mediakeep.contents SET ${changes} WHERE sha256_sum = $1`, [one.content.sha256])
    await set(restored, 'cache_id = NULL')
    await set(overlooked, 'inspected_at = now(), inspect_not_before = NULL')
    await collectGarbage(keeping, { minAgeSeconds: 0, dryRun: true })
    expect(await contentRow(keeping.db, restored.content.sha256)).toMatchObject({ cache_id: null })
    await collectGarbage(keeping, { minAgeSeconds: 0 })
    for (const one of [restored, overlooked]) {
      expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({
        ...{ cache_id: keeping.cache.id, inspected_at: null },
        inspect_not_before: expect.any(Date) as Date,
      })
    }
    expect((await contentRow(keeping.db, kept.content.sha256))!.inspected_at).not.toBeNull()
  })

  test('of a content that was never archived, what a killed upload left is removed', async () => {
    const gone = await seed(keeping)
    await forget(gone)
    const removed: string[] = []
    const archive: Archive = { ...keeping.archive, remove: (key) => Promise.resolve(void removed.push(key)) }
    expect(await collectGarbage({ ...keeping, archive })).toMatchObject({ contents: 1 })
    expect(removed).toEqual([gone.key])
  })

  test('a content that nothing shows is removed from cache, archive and database', async () => {
    const [gone, fresh, shown, leased] = [
      await seed(keeping),
      await seed(keeping),
      await seed(keeping),
      await seed(keeping),
    ]
    await archiveAll(keeping)
    await forget(gone)
    await forget(fresh, '10 minutes')
    await forget(leased)
    await keeping.db.query(
      `UPDATE mediakeep.contents SET archive_lease_token = gen_random_uuid(),
       archive_lease_expires_at = now() + interval '1 minute' WHERE sha256_sum = $1`,
      [leased.content.sha256],
    )
    expect(await collectGarbage(keeping, { dryRun: true })).toMatchObject({ contents: 2 })
    expect(await keeping.objects()).toHaveLength(4)
    expect(await collectGarbage(keeping)).toMatchObject({ contents: 1, bytes: 2000 })
    expect((await keeping.objects()).sort()).toEqual([fresh.key, shown.key, leased.key].sort())
    expect([await isHere(gone), await isHere(fresh), await isHere(shown), await isHere(leased)]).toEqual([
      false,
      true,
      true,
      true,
    ])
    expect(await contentRow(keeping.db, gone.content.sha256)).toBeUndefined()
  })

  test('a content whose lease was lost meanwhile is left to its new holder', async () => {
    const [first, second] = [await seed(keeping), await seed(keeping)]
    await archiveAll(keeping)
    await forget(first, '3 hours')
    await forget(second)
    const archive: Archive = {
      ...keeping.archive,
      async remove(key) {
        await keeping.archive.remove(key)
        await keeping.db.query(
          'UPDATE mediakeep.contents SET archive_lease_token = gen_random_uuid() WHERE sha256_sum = $1',
          [second.content.sha256],
        )
      },
    }
    expect(await collectGarbage({ ...keeping, archive })).toMatchObject({ contents: 1 })
    expect(await keeping.objects()).toEqual([second.key])
    expect([await isHere(first), await isHere(second)]).toEqual([false, true])
  })

  test('a content that comes up again while it is collected is kept', async () => {
    const seeded = await seed(keeping)
    await archiveAll(keeping)
    await forget(seeded)
    let again: Seeded | undefined
    const archive: Archive = {
      ...keeping.archive,
      async remove(key) {
        again ??= await seed(keeping, { bytes: seeded.bytes })
        await keeping.archive.remove(key)
      },
    }
    expect(await collectGarbage({ ...keeping, archive })).toMatchObject({ contents: 0 })
    expect(await contentRow(keeping.db, seeded.content.sha256)).toMatchObject({ archive_lease_token: null })
    await archiveAll(keeping)
    expect(await mediaRow(keeping.db, again!.mediaIds[0]!)).toMatchObject({
      fate: 'fetched',
      archive_url: keeping.archive.urlOf(seeded.key),
    })
  })

  test('a content whose file is collected just when it comes up again is fetched again', async () => {
    const seeded = await seed(keeping)
    await forget(seeded)
    let again: Seeded | undefined
    const cache: FileCache = {
      ...keeping.cache,
      async remove(path) {
        again ??= await seed(keeping, { bytes: seeded.bytes })
        await keeping.cache.remove(path)
      },
    }
    expect(await collectGarbage({ ...keeping, cache })).toMatchObject({ contents: 0 })
    await archiveAll(keeping)
    expect(await mediaRow(keeping.db, again!.mediaIds[0]!)).toMatchObject({
      fate: 'waiting',
      fate_reason: 'cache file missing',
    })
  })

  test('garbage collection that was killed half-way is finished by the next run', async () => {
    const seeded = await seed(keeping)
    await archiveAll(keeping)
    await forget(seeded)
    const archive: Archive = { ...keeping.archive, remove: () => Promise.reject(new Error('killed')) }
    await expect(collectGarbage({ ...keeping, archive })).rejects.toThrow('killed')
    await archiveAll(keeping)
    expect(await collectGarbage(keeping)).toMatchObject({ contents: 1 })
    expect(await keeping.objects()).toEqual([])
    expect(await isHere(seeded)).toBe(false)
  })

  test('objects of the older tool, and contents of another machine, are not collected', async () => {
    const [old, elsewhere] = [await seed(keeping), await seed(keeping)]
    await keeping.putPlain('cache/2025/11/old.jpg', old.bytes)
    await keeping.db.query(`UPDATE mediakeep.contents SET archive_url = $2 WHERE sha256_sum = $1`, [
      old.content.sha256,
      keeping.archive.urlOf('cache/2025/11/old.jpg'),
    ])
    await forget(old)
    await forget(elsewhere)
    await keeping.db.query(
      'UPDATE mediakeep.contents SET cache_id = gen_random_uuid() WHERE sha256_sum = $1',
      [elsewhere.content.sha256],
    )
    expect(await collectGarbage(keeping)).toMatchObject({ contents: 1 })
    expect(await keeping.objects()).toEqual(['cache/2025/11/old.jpg'])
    expect(await contentRow(keeping.db, elsewhere.content.sha256)).toBeDefined()
  })

  test('files that nobody knows are reported and stay; those of old rows are known', async () => {
    const seeded = await seed(keeping)
    const [unknown, named, summed] = ['1', '2', '3'].map((digit) => `images/${digit.repeat(32)}.jpg`)
    const long = new Date(Date.now() - 7_200_000)
    for (const path of [unknown!, named!, summed!, `images/${'4'.repeat(32)}.jpg`]) {
      await writeFile(join(keeping.cache.root, path), 'x')
      if (!path.includes('444')) await utimes(join(keeping.cache.root, path), long, long)
    }
    await keeping.db.query(
      `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, local_file_path, md5_sum)
     SELECT id, 'p-' || $1, 'image', 'https://cdn.test/' || id, path, md5
     FROM (VALUES ('med-a', $2, NULL), ('med-b', NULL, repeat('3', 32))) AS v (id, path, md5)`,
      [seeded.mediaIds[0], named],
    )
    expect((await collectGarbage(keeping)).orphans).toEqual({ files: 1, bytes: 1, examples: [unknown] })
    expect(await keeping.cache.size(unknown!)).toBe(1)
  })

  test('a bounded pass continues where the last one ended, and begins anew after the last content', async () => {
    const [oldest, shown, newest] = [await seed(keeping), await seed(keeping), await seed(keeping)]
    await forget(oldest, '4 hours')
    await keeping.db.query(
      `UPDATE mediakeep.contents SET created_at = now() - interval '3 hours' WHERE sha256_sum = $1`,
      [shown.content.sha256],
    )
    await forget(newest)
    const pass = async (): Promise<unknown[]> => {
      const { contents, orphans } = await collectGarbage(keeping, { contents: 2 })
      return [contents, orphans !== undefined]
    }
    expect(await pass()).toEqual([1, false])
    expect([await isHere(oldest), await isHere(newest)]).toEqual([false, true])
    expect(await pass()).toEqual([1, true])
    expect(await isHere(newest)).toBe(false)
    await forget(shown)
    expect(await pass()).toEqual([1, true])
  })

  test('an unmounted cache collects nothing', async () => {
    const seeded = await seed(keeping)
    await archiveAll(keeping)
    await forget(seeded)
    const { root } = keeping.cache
    await rename(root, `${root}.unmounted`)
    await mkdir(root)
    try {
      await expect(collectGarbage(keeping)).rejects.toMatchObject({ name: 'CacheUnavailableError' })
    } finally {
      await rename(root, `${root}.empty`)
      await rename(`${root}.unmounted`, root)
    }
    expect(await contentRow(keeping.db, seeded.content.sha256)).toBeDefined()
    expect(await isHere(seeded)).toBe(true)
    expect(await keeping.objects()).toEqual([seeded.key])
  })
})
