import type { Sql } from '@mediakeep/sql'
import { PgBoss } from 'pg-boss'
import { clock } from './compare.ts'
import type { BenchDatabase } from './databases.ts'

const WORKERS = 4

/** Runs workers until `rows` are done; each step claims and completes. @returns rows per second */
export async function workThrough(rows: number, step: () => Promise<number>): Promise<number> {
  let done = 0
  const seconds = await clock(() =>
    Promise.all(
      Array.from({ length: WORKERS }, async () => {
        while (done < rows) {
          const count = await step()
          if (count === 0) throw new Error('The queue is empty')
          done += count
        }
      }),
    ),
  )
  return done / seconds
}

/** Claims and completes on the status of `post_media` alone: no lease, no log, no event, no content. */
export async function bareLoop(sql: Sql, batch: number, result: string): Promise<number> {
  const { rows } = await sql.query<{ media_id: string }>(
    `UPDATE post_media m SET ai_analysis_status = 'started', updated_at = now()
     FROM (SELECT media_id FROM post_media WHERE ai_analysis_status = 'not_started'
       ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED) q
     WHERE m.media_id = q.media_id RETURNING m.media_id`,
    [batch],
  )
  await sql.query(
    `UPDATE post_media m SET ai_analysis_status = 'completed', ai_analysis = g.result, ai_analyzed_at = now(),
       updated_at = now()
     FROM unnest($1::text[], $2::text[]) g (media_id, result)
     WHERE m.media_id = g.media_id AND m.ai_analysis_status = 'started'`,
    [rows.map((row) => row.media_id), rows.map(() => result)],
  )
  return rows.length
}

/** Runs pg-boss with as many jobs, in a table with equally fresh statistics. @returns rows per second */
export async function bossLoop(
  db: BenchDatabase,
  rows: number,
  batch: number,
  result: object,
): Promise<number> {
  const boss = new PgBoss({ connectionString: db.url, max: WORKERS, supervise: false, schedule: false })
  boss.on('error', () => undefined)
  await boss.start()
  try {
    await boss.createQueue('analysis')
    const jobs = Array.from({ length: 1_000 }, (_, n) => ({ data: { mediaId: `med-${n}` } }))
    for (let n = 0; n < rows * 1.5; n += jobs.length) await boss.insert('analysis', jobs)
    await db.query('VACUUM ANALYZE')
    await db.query('CHECKPOINT')
    return await workThrough(rows, async () => {
      const taken = await boss.fetch('analysis', { batchSize: batch })
      await boss.complete(
        'analysis',
        taken.map((job) => job.id),
        result,
      )
      return taken.length
    })
  } finally {
    await boss.stop({ graceful: false })
  }
}
