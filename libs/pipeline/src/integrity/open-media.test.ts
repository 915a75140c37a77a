import { rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Archive } from '@mediakeep/content'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openMedia } from './open-media.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { restoreMedia } from './verify-media.ts'
import { archiveAll, contentRow, mediaRow, reject, seed, type Seeded } from '../seed.fixture.ts'

describe.each(['s3', 'file'] as const)('over an archive of kind %s', (kind) => {
  let keeping: Keeping

  beforeAll(async () => {
    keeping = await openKeeping(kind)
  })
  beforeEach(() => keeping.empty())
  afterAll(() => keeping.close())

  async function seedArchived(): Promise<Seeded> {
    const seeded = await seed(keeping)
    await archiveAll(keeping)
    return seeded
  }

  test('a file is read from the cache, whole or in part', async () => {
    const { content, bytes, mediaIds } = await seed(keeping)
    const media = (await openMedia(keeping, mediaIds[0]!))!
    expect(media).toMatchObject({
      sha256: content.sha256,
      byteSize: 2000,
      mimeType: 'image/jpeg',
      mediaType: 'image',
      extension: 'jpg',
      fileName: `${mediaIds[0]!}.jpg`,
    })
    expect(await buffer(await media.open())).toEqual(bytes)
    expect(await buffer(await media.open({ start: 10, end: 19 }))).toEqual(bytes.subarray(10, 20))
  })

  test('what was rejected is not served, and not brought back', async () => {
    const one = await seedArchived()
    await reject(keeping.db, one)
    expect(await openMedia(keeping, one.mediaIds[0]!)).toBeUndefined()
    await keeping.cache.remove(one.path)
    expect(await openMedia(keeping, one.mediaIds[0]!)).toBeUndefined()
    expect(await restoreMedia(keeping, one.mediaIds)).toEqual([
      { mediaId: one.mediaIds[0], cache: 'missing', archive: 'none', error: 'it was rejected' },
    ])
    expect(await keeping.cache.size(one.path)).toBeUndefined()
  })

  test('a row that was rejected by itself is not served, be it without a content; others of its content are', async () => {
    const [old, shared] = [await seed(keeping), await seed(keeping, { rows: 2 })]
    await archiveAll(keeping)
    await keeping.db.query('UPDATE public.post_media SET sha256_sum = NULL WHERE media_id = $1', old.mediaIds)
    expect(await openMedia(keeping, old.mediaIds[0]!)).toMatchObject({ byteSize: 2000 })
    const [judged, other] = [shared.mediaIds[0]!, shared.mediaIds[1]!]
    await keeping.db.query(`UPDATE public.post_media SET fate = 'rejected' WHERE media_id = ANY($1)`, [
      [...old.mediaIds, judged],
    ])
    expect(await openMedia(keeping, old.mediaIds[0]!)).toBeUndefined()
    expect(await openMedia(keeping, judged)).toBeUndefined()
    expect(await openMedia(keeping, other)).toMatchObject({ byteSize: 2000 })
    expect(await restoreMedia(keeping, [judged])).toMatchObject([{ error: 'it was rejected' }])
    expect(await restoreMedia(keeping, [judged, other])).toMatchObject([
      { error: 'it was rejected' },
      { mediaId: other, cache: 'ok', archive: 'ok' },
    ])
  })

  test('many readers of a file that is only in the archive restore it once', async () => {
    const { bytes, path, mediaIds } = await seedArchived()
    await keeping.cache.remove(path)
    let reads = 0
    const archive: Archive = {
      ...keeping.archive,
      open: (...asked) => {
        reads++
        return keeping.archive.open(...asked)
      },
    }
    const opened = await Promise.all(
      Array.from({ length: 9 }, () => openMedia({ ...keeping, archive }, mediaIds[0]!)),
    )
    for (const media of opened) expect(await buffer(await media!.open())).toEqual(bytes)
    expect(reads).toBe(1)
    expect(await keeping.cache.verify(path, (await contentOf(mediaIds[0]!))!)).toBe('ok')
  })

  async function contentOf(
    mediaId: string,
  ): Promise<{ md5: string; sha256: string; byteSize: number } | undefined> {
    const found = await keeping.db.query<{ md5: string; sha256: string; byteSize: number }>(
      `SELECT md5_sum AS md5, sha256_sum AS sha256, byte_size AS "byteSize" FROM public.post_media WHERE media_id = $1`,
      [mediaId],
    )
    return found.rows[0]
  }

  test('a file that is evicted while it is open is restored for the next read', async () => {
    const { bytes, path, mediaIds } = await seedArchived()
    const media = (await openMedia(keeping, mediaIds[0]!))!
    await keeping.cache.remove(path)
    expect(await buffer(await media.open())).toEqual(bytes)
  })

  test('a file that was cut short is put aside and restored', async () => {
    const { bytes, path, mediaIds } = await seedArchived()
    await truncate(join(keeping.cache.root, path), 1000)
    const media = (await openMedia(keeping, mediaIds[0]!))!
    expect(await buffer(await media.open())).toEqual(bytes)
  })

  test('what the archive gives is checked before any reader sees it', async () => {
    const { key, path, mediaIds } = await seedArchived()
    await keeping.cache.remove(path)
    await keeping.rot(key)
    await expect(openMedia(keeping, mediaIds[0]!)).rejects.toMatchObject({ code: 'corrupt' })
    expect(await keeping.cache.size(path)).toBeUndefined()
    expect(await mediaRow(keeping.db, mediaIds[0]!)).toMatchObject({
      ...{ fate: 'waiting', fate_reason: 'archive object corrupt, cache file missing' },
      archive_url: keeping.archive.urlOf(key),
    })
    const gone = await seedArchived()
    await keeping.cache.remove(gone.path)
    await keeping.archive.remove(gone.key)
    await expect(openMedia(keeping, gone.mediaIds[0]!)).rejects.toMatchObject({ code: 'missing' })
    expect(await mediaRow(keeping.db, gone.mediaIds[0]!)).toMatchObject({ fate: 'waiting' })
  })

  test('a file of the wrong size that is not archived is put aside, and fetched again from its source', async () => {
    const { content, path, mediaIds } = await seed(keeping)
    // Its upload was given up.
    await keeping.db.query('UPDATE mediakeep.contents SET archive_not_before = NULL')
    await truncate(join(keeping.cache.root, path), 1000)
    await expect(openMedia(keeping, mediaIds[0]!)).rejects.toMatchObject({ code: 'not_archived' })
    expect(await keeping.cache.size(path)).toBeUndefined()
    expect(await mediaRow(keeping.db, mediaIds[0]!)).toMatchObject({
      ...{ fate: 'waiting', fate_reason: 'cache file missing', local_file_path: path },
    })
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({ cache_id: null })
  })

  test('an archive that is away sends nothing to its source, nor does a cache of another machine', async () => {
    const [archived, elsewhere] = [await seedArchived(), await seed(keeping)]
    await keeping.cache.remove(archived.path)
    await keeping.cache.remove(elsewhere.path)
    await keeping.db.query(
      'UPDATE mediakeep.contents SET cache_id = gen_random_uuid() WHERE sha256_sum = $1',
      [elsewhere.content.sha256],
    )
    const away: Archive = {
      ...keeping.archive,
      head: () => Promise.resolve(undefined),
      verify: () => Promise.resolve('missing'),
      ping: () => Promise.reject(new Error('not mounted')),
    }
    await expect(openMedia({ ...keeping, archive: away }, archived.mediaIds[0]!)).rejects.toThrow(
      'not mounted',
    )
    await expect(openMedia(keeping, elsewhere.mediaIds[0]!)).rejects.toMatchObject({ code: 'not_archived' })
    for (const { mediaIds } of [archived, elsewhere]) {
      expect(await mediaRow(keeping.db, mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
    }
  })

  test('what is neither here nor archived says so', async () => {
    const { path, mediaIds } = await seed(keeping)
    await keeping.cache.remove(path)
    await expect(openMedia(keeping, mediaIds[0]!)).rejects.toMatchObject({
      name: 'ContentUnavailableError',
      code: 'not_archived',
    })
  })

  test('the id of a merged row opens its survivor, through several merges', async () => {
    const { bytes, mediaIds } = await seed(keeping)
    await keeping.db.query(
      `INSERT INTO mediakeep.merged_media (media_id, survivor_id, merged_row)
     VALUES ('med-0000000a', 'med-0000000b', '{}'), ('med-0000000b', $1, '{}')`,
      [mediaIds[0]],
    )
    const media = (await openMedia(keeping, 'med-0000000a'))!
    expect(await buffer(await media.open())).toEqual(bytes)
    expect(media.fileName).toBe(`${mediaIds[0]!}.jpg`)
  })

  test('a file that nobody looked into is served as bytes of no type; without one there is nothing', async () => {
    const { mediaIds } = await seed(keeping, { rows: 3 })
    await keeping.db.query('UPDATE public.post_media SET sha256_sum = NULL, mime_type = $1', ['text/html'])
    await writeFile(join(keeping.cache.root, 'images/old.jpg'), '<html>')
    const paths = ['images/old.jpg', '/etc/passwd', null]
    for (const [n, path] of paths.entries()) {
      await keeping.db.query('UPDATE public.post_media SET local_file_path = $2 WHERE media_id = $1', [
        mediaIds[n],
        path,
      ])
    }
    const media = await openMedia(keeping, mediaIds[0]!)
    expect(media).toMatchObject({ mimeType: 'application/octet-stream', mediaType: undefined, byteSize: 6 })
    expect(await openMedia(keeping, mediaIds[1]!)).toBeUndefined()
    expect(await openMedia(keeping, mediaIds[2]!)).toBeUndefined()
    expect(await openMedia(keeping, 'med-none')).toBeUndefined()
    await rm(join(keeping.cache.root, 'images/old.jpg'))
  })
})
