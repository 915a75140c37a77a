import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimAnalyses, configureAnalysers } from '@mediakeep/analysis'
import { openFileArchive } from '@mediakeep/archive'
import { openCache } from '@mediakeep/cache'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { upkeep } from './stages.ts'

let db: TestDatabase
let folder: string
beforeEach(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-upkeep-'))
})
afterEach(async () => {
  await db.drop()
  await rm(folder, { recursive: true })
})

test('contents are planned, and leases that expired return, without anyone asking', async () => {
  const stage = upkeep({
    formats: [],
    db,
    cache: await openCache(join(folder, 'cache'), { create: true }),
    archive: await openFileArchive(join(folder, 'archive')),
    config: {
      machine: 'here',
      uploadFolder: join(folder, 'uploads'),
      verifyEverySeconds: 86_400,
      cache: { maxBytes: 1e9, quarantine: { maxBytes: 1_000, maxAgeSeconds: 60 } },
    },
    log: pino({ level: 'silent' }),
  })
  await configureAnalysers(db, [{ name: 'facts', version: '1', mediaTypes: ['image'] }])
  await db.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'urn', 0)`)
  await db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, inspected_at)
     VALUES (repeat('a', 64), repeat('b', 32), repeat('b', 32), 1, 'image', 'image/png', 'png', now())`,
  )
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, sha256_sum, fate, ai_analysis_log)
     VALUES ('med-1', 'p-1', 'image', 'https://a.test/1', '1', repeat('a', 64), 'fetched', '[]')`,
  )
  const runTask = async (name: string): Promise<string> => {
    await db.query(
      `UPDATE mediakeep.tasks SET task_not_before = CASE name WHEN $1 THEN now() ELSE 'infinity' END`,
      [name],
    )
    await stage.drain(new AbortController().signal)
    const { rows } = await db.query<{ status: string }>('SELECT ai_analysis_status AS status FROM post_media')
    return rows[0]!.status
  }
  await stage.drain(new AbortController().signal)
  // Alongside other tasks it may have skipped the rows they held; this is its next turn.
  await runTask('analyses')
  expect((await db.query('SELECT FROM mediakeep.analyses')).rowCount).toBe(1)
  for (const task of ['analyses', 'analyses:repair']) {
    const leases = await claimAnalyses(db, { limit: 1, leaseSeconds: 60, worker: 'dies' })
    expect(leases).toHaveLength(1)
    expect(await runTask(task)).toBe('started')
    await db.query(`UPDATE mediakeep.analyses SET analysis_lease_expires_at = now() - interval '1 s'`)
    expect(await runTask(task)).toBe('not_started')
  }
})
