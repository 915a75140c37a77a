import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openS3Archive } from '@mediakeep/archive'
import { openCache } from '@mediakeep/cache'
import { type Archive, ArchiveError } from '@mediakeep/content'
import { MAX_UPLOAD_ATTEMPTS } from '@mediakeep/media'
import { type Keeping, openKeeping, s3Away } from '../keeping.fixture.ts'
import { contentRow, mediaRow, seed, silent } from '../seed.fixture.ts'
import { archiveStage } from './archive-stage.ts'

describe.each(['s3', 'file'] as const)('over an archive of kind %s', (kind) => {
  let keeping: Keeping

  beforeAll(async () => {
    keeping = await openKeeping(kind)
  })
  beforeEach(() => keeping.empty())
  afterAll(() => keeping.close())

  const running = new AbortController().signal

  function stage(over: Partial<Parameters<typeof archiveStage>[0]> = {}): ReturnType<typeof archiveStage> {
    return archiveStage({ ...keeping, concurrency: 16, leaseSeconds: 30, log: silent, ...over })
  }

  test('fifty rows with one content become one object, and every row bears its URL', async () => {
    const { content, key, mediaIds } = await seed(keeping, { rows: 50 })
    expect(await stage().drain(running)).toEqual({ done: 1, failed: 0 })
    expect(await keeping.objects()).toEqual([key])
    const url = keeping.archive.urlOf(key)
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({
      archive_url: url,
      archive_not_before: null,
      archive_lease_token: null,
      archive_attempts: 0,
    })
    for (const id of mediaIds) {
      const row = await mediaRow(keeping.db, id)
      expect(row.archive_url).toBe(url)
      expect(Date.now() - row.updated_at.getTime()).toBeLessThan(60_000)
    }
  })

  test('two stages at once upload each content once', async () => {
    for (let n = 0; n < 60; n++) await seed(keeping)
    const puts: string[] = []
    const counting = (archive: Archive): Archive => ({
      ...archive,
      put: (source, signal) => {
        puts.push(source.key)
        return archive.put(source, signal)
      },
    })
    const archive = counting(keeping.archive)
    const reports = await Promise.all([stage({ archive }).drain(running), stage({ archive }).drain(running)])
    expect(reports[0].done + reports[1].done).toBe(60)
    expect(new Set(puts).size).toBe(60)
    expect(puts).toHaveLength(60)
  })

  test('what another machine’s cache holds is left to that machine', async () => {
    const { content } = await seed(keeping)
    await keeping.db.query('UPDATE mediakeep.contents SET cache_id = gen_random_uuid()')
    expect(await stage().drain(running)).toEqual({ done: 0, failed: 0 })
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({
      archive_url: null,
      archive_attempts: 0,
    })
  })

  test('an object of the older tool counts once it was read whole, and its URL stays', async () => {
    const { content, bytes, mediaIds } = await seed(keeping, { rows: 2 })
    const old = `cache/2025/11/${content.md5}.jpg`
    await keeping.putPlain(old, bytes)
    await keeping.db.query('UPDATE public.post_media SET archive_url = $1 WHERE media_id = $2', [
      keeping.archive.urlOf(old),
      mediaIds[0],
    ])
    await stage().drain(running)
    expect(await keeping.objects()).toEqual([old])
    expect((await contentRow(keeping.db, content.sha256))?.archive_url).toBe(keeping.archive.urlOf(old))
    expect((await mediaRow(keeping.db, mediaIds[1]!)).archive_url).toBe(keeping.archive.urlOf(old))
  })

  test('an object of the older tool that holds other bytes is not taken for the content', async () => {
    const { content, bytes, key, mediaIds } = await seed(keeping)
    const old = `cache/2025/11/${content.md5}.jpg`
    await keeping.putPlain(old, Buffer.from(bytes.toReversed()))
    await keeping.db.query('UPDATE public.post_media SET archive_url = $1', [keeping.archive.urlOf(old)])
    await stage().drain(running)
    expect(await keeping.objects()).toEqual([old, key])
    expect((await mediaRow(keeping.db, mediaIds[0]!)).archive_url).toBe(keeping.archive.urlOf(key))
  })

  test.each([
    ['missing', (path: string) => rename(path, `${path}.away`)],
    ['corrupt', (path: string) => writeFile(path, 'x'.repeat(2000))],
    ['corrupt', (path: string) => truncate(path, 100)],
  ])('a file that is %s has its rows fetched again', async (what, damage) => {
    const { content, path, mediaIds } = await seed(keeping, { rows: 3 })
    await damage(join(keeping.cache.root, path))
    expect(await stage().drain(running)).toEqual({ done: 0, failed: 1 })
    expect(await keeping.objects()).toEqual([])
    for (const id of mediaIds) {
      expect(await mediaRow(keeping.db, id)).toMatchObject({
        fate: 'waiting',
        fate_reason: `cache file ${what}`,
        local_file_path: path,
      })
    }
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({
      archive_not_before: null,
      archive_lease_token: null,
      cache_id: null,
    })
    expect(await keeping.cache.size(path)).toBeUndefined()
  })

  test('rows that were sent back are fetched again once any of them brought the bytes', async () => {
    const { content, bytes, path, mediaIds } = await seed(keeping, { rows: 2 })
    await keeping.cache.remove(path)
    await stage().drain(running)
    await keeping.db.query(`UPDATE public.post_media SET fate = 'expired' WHERE media_id = $1`, [mediaIds[1]])
    await seed(keeping, { bytes })
    await stage().drain(running)
    for (const id of mediaIds) {
      expect(await mediaRow(keeping.db, id)).toMatchObject({
        fate: 'fetched',
        local_file_path: path,
        archive_url: (await contentRow(keeping.db, content.sha256))!.archive_url,
      })
    }
  })

  test('an unmounted cache does not mean that its files are lost', async () => {
    const { content, mediaIds } = await seed(keeping)
    const { root } = keeping.cache
    await rename(root, `${root}.unmounted`)
    try {
      await expect(stage().drain(running)).rejects.toThrow('mounted')
    } finally {
      await rename(`${root}.unmounted`, root)
    }
    expect((await mediaRow(keeping.db, mediaIds[0]!)).fate).toBe('fetched')
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({
      archive_attempts: 0,
      archive_lease_token: null,
    })
    expect(await stage().drain(running)).toEqual({ done: 1, failed: 0 })
  })

  test('a store that is away costs no attempts', async () => {
    const { content } = await seed(keeping)
    const archive = openS3Archive(s3Away)
    await expect(stage({ archive }).drain(running)).rejects.toThrow(ArchiveError)
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({
      archive_attempts: 0,
      archive_lease_token: null,
      archive_url: null,
    })
  })

  test('an upload that fails by itself waits longer each time, and is given up with its reason', async () => {
    const { content, key } = await seed(keeping)
    await seed(keeping)
    await keeping.putPlain(key, Buffer.from('bytes of another'))
    expect(await stage().drain(running)).toEqual({ done: 1, failed: 1 })
    const first = (await contentRow(keeping.db, content.sha256))!
    expect(first.archive_not_before!.getTime()).toBeGreaterThan(Date.now() + 5_000)
    expect(first.archive_error).toContain('A different content')
    await keeping.db.query(
      'UPDATE mediakeep.contents SET archive_attempts = $1, archive_not_before = now() WHERE sha256_sum = $2',
      [MAX_UPLOAD_ATTEMPTS - 1, content.sha256],
    )
    await stage().drain(running)
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({
      archive_not_before: null,
      archive_attempts: MAX_UPLOAD_ATTEMPTS,
      archive_error: first.archive_error,
    })
  })

  test('an abort gives back what was begun', async () => {
    for (let n = 0; n < 5; n++) await seed(keeping)
    const abort = new AbortController()
    const archive: Archive = {
      ...keeping.archive,
      put: (source, signal) => {
        abort.abort()
        return keeping.archive.put(source, signal)
      },
    }
    await stage({ archive, concurrency: 1 }).drain(abort.signal)
    const held = await keeping.db.query(
      'SELECT FROM mediakeep.contents WHERE archive_lease_token IS NOT NULL OR archive_attempts > 0',
    )
    expect(held.rowCount).toBe(0)
  })

  test('a late upload whose lease was taken writes nothing', async () => {
    const { content } = await seed(keeping)
    const archive: Archive = {
      ...keeping.archive,
      put: async (source, signal) => {
        await keeping.db.query('UPDATE mediakeep.contents SET archive_lease_token = gen_random_uuid()')
        return keeping.archive.put(source, signal)
      },
    }
    await stage({ archive }).drain(running)
    expect((await contentRow(keeping.db, content.sha256))?.archive_url).toBeNull()
  })

  test('after kill -9 during uploads the rest is uploaded within a lease, each content one object', async () => {
    const seeded = await Promise.all(Array.from({ length: 40 }, () => seed(keeping)))
    const child = fork(new URL('./archive-child.fixture.ts', import.meta.url), {
      env: {
        ...process.env,
        CHILD: JSON.stringify({
          url: keeping.db.url,
          cache: keeping.cache.root,
          archive: keeping.archiveOptions,
          leaseSeconds: 2,
        }),
      },
    })
    await once(child, 'message')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const left = await keeping.db.query(
      'SELECT FROM mediakeep.contents WHERE archive_lease_token IS NOT NULL',
    )
    expect(left.rowCount).toBeGreaterThan(0)
    const cache = await openCache(keeping.cache.root)
    const started = Date.now()
    let unarchived = seeded.length
    while (unarchived > 0 && Date.now() - started < 20_000) {
      await stage({ cache }).drain(running)
      await new Promise((resolve) => setTimeout(resolve, 200))
      const open = await keeping.db.query('SELECT FROM mediakeep.contents WHERE archive_url IS NULL')
      unarchived = open.rowCount
    }
    expect(unarchived).toBe(0)
    expect((await keeping.objects()).sort()).toEqual(seeded.map((one) => one.key).sort())
    const rows = await keeping.db.query('SELECT FROM public.post_media WHERE archive_url IS NULL')
    expect(rows.rowCount).toBe(0)
  })
})
