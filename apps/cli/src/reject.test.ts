import { afterAll, beforeAll, expect, test } from 'vitest'
import { rejectContent } from '@mediakeep/media'
import type { Installation } from './cli.fixture.ts'
import { installSample } from './sample.fixture.ts'

let place: Installation
beforeAll(async () => {
  place = await installSample()
})
afterAll(() => place.remove())

interface Row {
  readonly id: string
  readonly fate: string
  readonly path: string | null
  readonly url: string | null
}

async function rowsOf(sha256: string): Promise<Row[]> {
  const { rows } = await place.db.query<Row>(
    `SELECT media_id AS id, fate, local_file_path AS path, archive_url AS url FROM post_media
     WHERE sha256_sum = $1 ORDER BY media_id`,
    [sha256],
  )
  return rows
}

test('what a person rejects leaves the cache by a worker, stays in the archive, and does not come back', async () => {
  const { rows } = await place.db.query<{ sha256: string }>(
    `SELECT sha256_sum AS sha256 FROM post_media WHERE fate = 'fetched' AND archive_url IS NOT NULL
     GROUP BY 1 HAVING count(*) > 1 LIMIT 1`,
  )
  const { sha256 } = rows[0]!
  const before = await rowsOf(sha256)
  const { path, url } = before[0]!
  expect(await place.files('cache')).toContain(path)
  const objects = await place.files('archive')
  const rejected = await rejectContent(place.db, { mediaId: before[0]!.id, reason: 'a login page' })
  expect(rejected.sort()).toEqual(before.map(({ id }) => id))
  const worker = place.start('worker')
  try {
    await expect.poll(() => place.files('cache'), { timeout: 60_000 }).not.toContain(path)
    await expect
      .poll(() => rowsOf(sha256), { timeout: 60_000 })
      .toEqual(before.map((row) => ({ ...row, fate: 'rejected', path: null })))
  } finally {
    worker.kill()
    await new Promise((resolve) => worker.once('exit', resolve))
  }
  expect(await place.files('archive')).toEqual(objects)
  expect(url).not.toBeNull()
  expect(await place.run('archive', 'restore', '--media-id', before[0]!.id)).toMatchObject({ code: 0 })
  expect(await place.files('cache')).not.toContain(path)
  const listed = await place.run('cache', 'quarantine', 'list', '--json')
  expect(JSON.parse(listed.stdout)).toMatchObject({
    files: [{ sha256, reason: 'a login page', isContent: true }],
  })
  const dry = await place.run('cache', 'quarantine', 'restore', '--media-id', before[0]!.id, '--dry-run')
  expect(dry.stdout).toContain('Would restore 1 of 1 file.')
  const restored = await place.run('cache', 'quarantine', 'restore', '--media-id', before[0]!.id)
  expect(restored.stdout).toContain('Restored 1 of 1 file.')
  expect(await place.files('cache')).toContain(path)
  expect(await rowsOf(sha256)).toEqual(before)
})

test('what inspection gave up on is inspected again on request', async () => {
  const parked =
    'UPDATE mediakeep.contents SET inspected_at = NULL, inspect_parked_at = now() WHERE sha256_sum = $1'
  const { rows } = await place.db.query<{ id: string; sha256: string }>(
    `SELECT min(media_id) AS id, sha256_sum AS sha256 FROM post_media WHERE fate = 'fetched' GROUP BY 2 LIMIT 1`,
  )
  const { id, sha256 } = rows[0]!
  await place.db.query(parked, [sha256])
  const left = async (): Promise<number> =>
    (await place.db.query('SELECT FROM mediakeep.contents WHERE inspect_parked_at IS NOT NULL')).rowCount
  expect((await place.run('cache', 'inspect', '--dry-run')).stdout).toContain(id)
  expect(await left()).toBe(1)
  expect(await place.run('cache', 'inspect', '--media-id', id)).toMatchObject({ code: 0 })
  expect(await left()).toBe(0)
})
