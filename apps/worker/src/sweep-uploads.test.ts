import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createImportRun } from '@mediakeep/import'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweepUploads } from './sweep-uploads.ts'

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-uploads-'))
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const HOUR = 60 * 60 * 1000

test('uploads go when no run has still to read them, and not before a run can have been registered', async () => {
  const upload = async (name: string): Promise<string> => {
    await mkdir(join(folder, name))
    const path = join(folder, name, 'posts.json')
    await writeFile(path, '[]')
    return path
  }
  const [waiting, done] = [await upload('waiting'), await upload('done')]
  for (const path of [waiting, done]) await createImportRun(database, { files: [path], machine: 'here' })
  await upload('abandoned')
  await database.query(
    `UPDATE download_runs SET status = 'completed' WHERE run_id = (SELECT run_id FROM mediakeep.import_runs WHERE $1 = ANY(files))`,
    [done],
  )
  expect(await sweepUploads(database, folder)).toBe(0)
  expect(await sweepUploads(database, folder, Date.now() + 2 * HOUR)).toBe(2)
  expect(await readdir(folder, { recursive: true })).toEqual(['waiting', join('waiting', 'posts.json')])
})

test('an upload stays while no run has imported all of it: the server may have the only copy', async () => {
  const endings = { failed: ['failed', 0], rejecting: ['completed', 3], again: ['failed', 0] } as const
  const end = async (name: string, status: string, rejected: number): Promise<void> => {
    const files = [join(folder, name, 'posts.json')]
    const runId = await createImportRun(database, { files, machine: 'here' })
    await database.query('UPDATE download_runs SET status = $2 WHERE run_id = $1', [runId, status])
    await database.query('UPDATE mediakeep.import_runs SET posts_rejected = $2 WHERE run_id = $1', [
      runId,
      rejected,
    ])
  }
  for (const [name, [status, rejected]] of Object.entries(endings)) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'posts.json'), '[')
    await end(name, status, rejected)
  }
  await end('again', 'completed', 0)
  expect(await sweepUploads(database, folder, Date.now() + 2 * HOUR)).toBe(1)
  const left = await readdir(folder)
  expect(left).toEqual(expect.arrayContaining(['failed', 'rejecting']))
  expect(left).not.toContain('again')
})

test('an upload stays until all media that are files in it are stored', async () => {
  const path = join(folder, 'with-files', 'export.zip')
  await mkdir(join(folder, 'with-files'))
  await writeFile(path, 'PK')
  const runId = await createImportRun(database, { files: [path], machine: 'here' })
  await database.query(`UPDATE download_runs SET status = 'completed' WHERE run_id = $1`, [runId])
  await database.query(
    `WITH post AS (INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)),
     export AS (INSERT INTO mediakeep.exports (export_id, machine, path, kind, sha256_sum, byte_size, modified_at)
       VALUES ('exp-1', 'here', $1, 'zip', repeat('0', 64), 2, 0)),
     media AS (INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, fate)
       SELECT 'med-' || fate, 'p-1', 'image', 'mediakeep-file:' || fate, fate, fate FROM unnest(ARRAY['fetched', 'waiting']) fate)
     INSERT INTO mediakeep.media_files (media_id, export_id, member_path, member_order)
     SELECT 'med-' || fate, 'exp-1', fate, 0 FROM unnest(ARRAY['fetched', 'waiting']) fate`,
    [path],
  )
  const later = Date.now() + 2 * HOUR
  for (const fate of ['waiting', 'failed']) {
    await database.query(`UPDATE post_media SET fate = $1 WHERE media_id = 'med-waiting'`, [fate])
    await sweepUploads(database, folder, later)
    expect(await readdir(folder)).toContain('with-files')
  }
  await database.query(`UPDATE post_media SET fate = 'waiting' WHERE media_id = 'med-waiting'`)
  await database.query(`UPDATE post_media SET fate = 'fetched' WHERE media_id = 'med-waiting'`)
  expect(await sweepUploads(database, folder, later)).toBe(1)
})

test('without uploads there is nothing to sweep', async () => {
  expect(await sweepUploads(database, join(folder, 'nowhere'))).toBe(0)
})

test('an upload that began hours ago and still grows stays', async () => {
  const path = join(folder, 'growing', 'posts.json')
  await mkdir(join(folder, 'growing'))
  await writeFile(path, '[')
  const now = Date.now() + 5 * HOUR
  await utimes(path, now / 1000, now / 1000)
  expect(await sweepUploads(database, folder, now)).toBe(0)
  expect(await readdir(join(folder, 'growing'))).toEqual(['posts.json'])
})
