import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { samplePosts } from '@mediakeep/sample'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { installSample } from './sample.fixture.ts'

let place: Installation
afterEach(() => place.remove())

interface Summary {
  readonly posts: Record<string, number>
  readonly media: Record<string, number>
  readonly rejected: { index: number; pointer: string; reason: string }[]
}

/** Returns everything that an import leaves, except ids, times and engagement snapshots. */
async function rows(): Promise<unknown> {
  const media = await place.db.query(
    `SELECT p.urn, m.source_key, m.media_url, m.role, m.json_pointers, m.fate, m.sha256_sum, m.local_file_path, m.archive_url
     FROM public.post_media m JOIN public.posts p USING (post_id) ORDER BY p.urn, m.source_key`,
  )
  const contents = await place.db.query(
    `SELECT sha256_sum, name, archive_url FROM mediakeep.contents ORDER BY 1`,
  )
  const posts = await place.db.query(
    `SELECT urn, text_content, posted_at_timestamp FROM public.posts ORDER BY urn`,
  )
  return {
    posts: posts.rows,
    media: media.rows,
    contents: contents.rows,
    files: await place.files('cache'),
    objects: await place.files('archive'),
  }
}

async function snapshots(): Promise<number> {
  return (await place.db.query<{ n: number }>('SELECT count(*) AS n FROM data_downloads')).rows[0]!.n
}

describe('an empty installation', () => {
  beforeEach(async () => {
    place = await install()
  })

  test('the sample: every post and every media reference has its fate, and the summary says so', async () => {
    const { code, stdout } = await place.run('import', await place.samplePosts(), '--json')
    expect(code).toBe(1)
    const summary = JSON.parse(stdout) as Summary
    expect(summary.posts).toEqual({ processed: 20, new: 19, known: 0, rejected: 1 })
    expect(summary.media).toEqual({
      ...{
        found: 44,
        waiting: 0,
        fetched: 40,
        deduplicated: 25,
        expired: 1,
        gone: 1,
        blocked: 1,
        rejected: 1,
        failed: 0,
      },
    })
    expect(summary.rejected).toMatchObject([{ index: 18 }])
    const unproven = await place.db.query(
      `SELECT media_id FROM post_media WHERE fate = 'fetched'
       AND (md5_sum IS NULL OR sha256_sum IS NULL OR archive_url IS NULL OR local_file_path IS NULL)`,
    )
    expect(unproven.rows).toEqual([])
  })

  test('imported twice, and twice at once: the same rows and files as once, but for snapshots', async () => {
    const posts = await place.samplePosts()
    await Promise.all([place.run('import', posts), place.run('import', posts)])
    const atOnce = await rows()
    expect(await snapshots()).toBe(38)
    await place.run('import', posts)
    expect(await rows()).toEqual(atOnce)
    expect(await snapshots()).toBe(57)
    expect((atOnce as { files: string[] }).files).toHaveLength(15)
  })

  test('one image under 50 URLs: 50 rows, one cached file, one archived object', async () => {
    const [first] = JSON.parse(await samplePosts(place.sampleHost)) as { media: object }[]
    const images = Array.from({ length: 50 }, (_, n) => ({
      url: `http://${place.sampleHost}/copies/${n}.jpg`,
    }))
    const file = join(place.home, 'copies.json')
    const author = { username: 'lin-okafor' }
    await writeFile(file, JSON.stringify([{ ...first, author, media: { type: 'images', images } }]))
    expect(await place.run('import', file)).toMatchObject({ code: 0 })
    const counted = await place.db.query(
      `SELECT count(*) AS media, count(DISTINCT sha256_sum) AS contents FROM post_media WHERE archive_url IS NOT NULL`,
    )
    expect(counted.rows).toEqual([{ media: 50, contents: 1 }])
    expect(await place.files('cache')).toHaveLength(1)
    expect((await place.files('archive')).filter((name) => name.endsWith('.jpg'))).toHaveLength(1)
  })

  test('a dry run writes nothing', async () => {
    const { code, stdout } = await place.run('import', await place.samplePosts(), '--dry-run')
    expect(code).toBe(1)
    expect(stdout).toContain('Would import 19 posts with 44 media references from 1 file.')
    expect(stdout).toContain('linkedin: 19 posts, 44 media references')
    const written = await place.db.query(
      'SELECT count(*) AS n FROM posts UNION ALL SELECT count(*) FROM download_runs',
    )
    expect(written.rows).toEqual([{ n: 0 }, { n: 0 }])
  })

  test('exit codes: 0 all well, 1 some items failed, 2 wrong use', async () => {
    expect((await place.run('stats')).code).toBe(0)
    expect((await place.run('import')).code).toBe(2)
    expect((await place.run('list', '--limit', 'many')).code).toBe(2)
    expect((await place.run('import', '/nowhere.json')).code).toBe(2)
    expect((await place.run('nonsense')).code).toBe(2)
    expect((await place.run('--help')).code).toBe(0)
  })

  test('stats say when a cache that is absent was last seen', async () => {
    await place.db.query(
      `INSERT INTO mediakeep.caches (cache_id, host, folder, last_seen_at, files, bytes, counted_at)
       VALUES (gen_random_uuid(), 'lost-machine', '/old', '2020-01-02', 7, 7090, '2020-01-01')`,
    )
    const { stdout } = await place.run('stats')
    await place.db.query(`DELETE FROM mediakeep.caches WHERE host = 'lost-machine'`)
    expect(stdout).toMatch(/7 files, .*, counted 2020-01-01T.*, last seen 2020-01-02T/)
  })
})

describe('an installation with the sample', () => {
  beforeEach(async () => {
    place = await installSample()
  })

  test('the same posts under fresh signatures: no new media, and what had expired is fetched', async () => {
    const count = async (): Promise<unknown> =>
      (
        await place.db.query(
          `SELECT count(*) AS media, count(*) FILTER (WHERE fate = 'expired') AS expired FROM post_media`,
        )
      ).rows[0]
    expect(await count()).toEqual({ media: 44, expired: 1 })
    await place.run('import', await place.samplePosts(true))
    expect(await count()).toEqual({ media: 44, expired: 0 })
  })

  test('a flipped byte in the cache is found, put aside and restored from the archive', async () => {
    const [damaged] = await place.files('cache')
    await writeFile(join(place.home, 'cache', damaged!), 'not what it was')
    expect((await place.run('cache', 'verify', '--dry-run')).stdout).toContain(
      'Verified 14 of 15 media; 1 damaged, missing or failed.',
    )
    expect(await place.files('cache/quarantine')).toHaveLength(0)
    const { code, stdout } = await place.run('cache', 'verify')
    expect(stdout).toMatch(/cache restored, archive ok +1$/m)
    expect(code).toBe(0)
    expect((await place.run('cache', 'verify')).stdout).toContain('Verified 15 of 15 media.')
    expect(await place.files('cache/quarantine')).toHaveLength(1)
  })

  test('backfill completes what an older tool left: a cached file without checksums, a reference without a row', async () => {
    const complete = await rows()
    await place.db.query(
      `UPDATE post_media SET fate = 'waiting', md5_sum = NULL, sha256_sum = NULL, byte_size = NULL, archive_url = NULL,
         source_key = NULL WHERE media_id = (SELECT media_id FROM post_media WHERE mime_type = 'application/pdf')`,
    )
    // And a row recorded as fetched by its MD5 alone.
    await place.db.query(
      `UPDATE post_media SET sha256_sum = NULL, source_key = NULL WHERE mime_type = 'image/webp'`,
    )
    await place.db.query(`DELETE FROM post_media WHERE mime_type = 'video/mp4'`)
    expect((await place.run('backfill')).code).toBe(0)
    expect(await rows()).toEqual(complete)
  })

  test('backfill passes over a path outside the cache and a post without a format, and completes the others', async () => {
    const complete = await rows()
    await place.db.query(`INSERT INTO posts (post_id, urn, platform, posted_at_timestamp, raw_json)
      VALUES ('p-0badcafe', 'dQw4w9WgXcQ', 'youtube', 1700000000, '{"videoId":"dQw4w9WgXcQ"}')`)
    await place.db
      .query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, local_file_path, fate)
      SELECT 'med-0bad' || n, 'p-0badcafe', 'image', 'http://127.0.0.1:9/' || n, path, 'fetched'
      FROM unnest(ARRAY['/etc/hostname', '../../etc/hostname']) WITH ORDINALITY AS p (path, n)`)
    await place.db.query(
      `UPDATE post_media SET sha256_sum = NULL, source_key = NULL WHERE mime_type = 'image/webp'`,
    )
    const { code, stdout } = await place.run('backfill')
    expect(stdout).toContain('Skipped 1 stored post: no source format recognises it.')
    expect(code).toBe(0)
    await place.db.query(`DELETE FROM posts WHERE post_id = 'p-0badcafe'`)
    expect(await rows()).toEqual(complete)
  })
})
