import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unrejectContent } from '@mediakeep/media'
import { quarantinedFiles } from '@mediakeep/pipeline'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPipeline } from './pipeline.fixture.ts'

let db: TestDatabase
let folder: string
beforeEach(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-refused-'))
})
afterEach(async () => {
  await db.drop()
  await rm(folder, { recursive: true })
})

test('bytes refused during their download return when released, and are archived', async () => {
  const refused = Buffer.from('a format that nobody here knows')
  let requests = 0
  const { drain, cache, addMedia } = await openPipeline(db, folder, () => {
    requests++
    return refused
  })
  await addMedia(1, 1)
  expect(await drain('download')).toEqual({ done: 0, failed: 1 })
  expect(await quarantinedFiles(db, cache.id)).toMatchObject([
    { mediaIds: ['med-0001'], isContent: true, isHere: true, byteSize: refused.length },
  ])
  expect(await unrejectContent(db, { mediaId: 'med-0001' })).toEqual(['med-0001'])
  await drain('inspect')
  await drain('archive')
  const { rows } = await db.query<{ fate: string; path: string; url: string | null; note: string }>(
    `SELECT m.fate, m.local_file_path AS path, m.archive_url AS url, c.inspect_error AS note
     FROM post_media m JOIN mediakeep.contents c USING (sha256_sum)`,
  )
  expect(rows).toMatchObject([
    {
      fate: 'fetched',
      url: expect.any(String) as string,
      note: expect.stringMatching(/^unknown_type/) as string,
    },
  ])
  expect(await readFile(join(cache.root, rows[0]!.path))).toEqual(refused)
  expect(await quarantinedFiles(db, cache.id)).toEqual([])
  expect(requests).toBe(1)
})
