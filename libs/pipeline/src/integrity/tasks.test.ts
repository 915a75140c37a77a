import { periodicTasks } from '@mediakeep/lease'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { pipelineStats } from '../overview/pipeline-stats.ts'
import { archiveAll, contentRow, seed, silent } from '../seed.fixture.ts'
import { evictTask, garbageTask, verifyTask } from './tasks.ts'
import { verifySample } from './verify-sample.ts'

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

  test('the rolling verification takes the oldest first and mends what it finds', async () => {
    const seeded = await Promise.all([seed(keeping), seed(keeping), seed(keeping)])
    await archiveAll(keeping)
    for (const [n, { content }] of seeded.entries()) {
      await keeping.db.query(
        `UPDATE mediakeep.contents SET archive_verified_at = now() - make_interval(days => $2) WHERE sha256_sum = $1`,
        [content.sha256, 9 - n],
      )
    }
    await keeping.archive.remove(seeded[1].key)
    const report = await verifySample(keeping, { contents: 2, deep: 1 })
    expect(report).toEqual({ ok: 1, upload: 1, fetch: 0, failed: 0 })
    const third = (await contentRow(keeping.db, seeded[2].content.sha256))!
    expect(third.archive_verified_at!.getTime()).toBeLessThan(Date.now() - 86_400_000)
    await archiveAll(keeping)
    expect(await keeping.objects()).toHaveLength(3)
  })

  test('the rolling verification is paced: all contents in the given time, a part in each run', async () => {
    for (let n = 0; n < 6; n++) await seed(keeping)
    await archiveAll(keeping)
    await keeping.db.query(`UPDATE mediakeep.contents SET archive_verified_at = now() - interval '1 day'`)
    const task = verifyTask(keeping, { everySeconds: 60, wholeSeconds: 180, deep: 0 })
    const left: number[] = []
    for (let run = 0; run < 3; run++) {
      await task.run(new AbortController().signal)
      const old = `SELECT FROM mediakeep.contents WHERE archive_verified_at < now() - interval '1 hour'`
      left.push((await keeping.db.query(old)).rowCount)
    }
    expect(left).toEqual([4, 2, 0])
  })

  test('the tasks run as periodic work and keep their results', async () => {
    await seed(keeping)
    await archiveAll(keeping)
    const tasks = [
      verifyTask(keeping, { everySeconds: 60, wholeSeconds: 600, deep: 1 }),
      evictTask(keeping, { everySeconds: 60, maxBytes: 0 }),
      garbageTask(keeping, { everySeconds: 60, contents: 100 }),
    ]
    const stage = periodicTasks({ db: keeping.db, tasks, leaseSeconds: 30, log: silent })
    expect(await stage.drain(new AbortController().signal)).toEqual({ done: 3, failed: 0 })
    const results = await keeping.db.query(
      'SELECT name, last_result, last_error FROM mediakeep.tasks ORDER BY name',
    )
    expect(results.rows).toMatchObject([
      { name: `evict:${keeping.cache.id}`, last_result: { removed: 1, freedBytes: 2000 }, last_error: null },
      { name: `reap:${keeping.cache.id}`, last_result: { contents: 0, orphans: { files: 0 } } },
      { name: 'verify', last_result: { ok: 1 } },
    ])
  })

  test('the statistics count fates, copies, savings and queues', async () => {
    await seed(keeping, { rows: 5 })
    await archiveAll(keeping)
    const waiting = await seed(keeping)
    await keeping.db.query(
      `UPDATE public.post_media SET fate = 'waiting', sha256_sum = NULL, ai_analysis_status = 'pending' WHERE media_id = $1`,
      [waiting.mediaIds[0]],
    )
    expect(await pipelineStats(keeping.db)).toMatchObject({
      media: {
        total: 6,
        byFate: { fetched: 5, waiting: 1 },
        byAnalysisStatus: { not_started: 6 },
        archived: 5,
      },
      contents: { total: 2, bytes: 4000, archived: 1, archivedBytes: 2000 },
      queues: { download: { waiting: 1, retrying: 0 }, archive: { waiting: 1, uploading: 0, givenUp: 0 } },
      deduplicated: { media: 3, bytes: 6000 },
    })
    expect((await pipelineStats(keeping.db)).oldestWaitingAt).toBeInstanceOf(Date)
  })
})
