import type { TestDatabase } from '@mediakeep/testing'

/**
 * Changes the sample so that it has a few of each kind of waiting item and failure. Contents are picked by their
 * order, each for one purpose.
 */
export async function disturb(db: TestDatabase): Promise<void> {
  await addUnfetched(db)
  const { rows } = await db.query<{ sha256: string }>(
    `SELECT sha256_sum AS sha256 FROM mediakeep.contents WHERE rejected_at IS NULL AND media_type = 'image' ORDER BY 1`,
  )
  const [uninspected, unarchived, waiting, unread, unmeasured, unanalysed] = rows.map(({ sha256 }) => sha256)
  await db.query(
    `UPDATE mediakeep.contents SET inspected_at = NULL, inspect_error = 'no_space: the disk is full' WHERE sha256_sum = $1`,
    [uninspected],
  )
  await db.query(`UPDATE post_media SET archive_url = NULL WHERE sha256_sum IN ($1, $2)`, [
    unarchived,
    waiting,
  ])
  await db.query(
    `UPDATE mediakeep.contents SET archive_url = NULL, archived_at = NULL, archive_verified_at = NULL,
       archive_attempts = CASE sha256_sum WHEN $1 THEN 8 ELSE 0 END,
       archive_error = CASE sha256_sum WHEN $1 THEN 'no_bucket: there is none of this name' END,
       archive_not_before = CASE sha256_sum WHEN $2 THEN now() END
     WHERE sha256_sum IN ($1, $2)`,
    [unarchived, waiting],
  )
  // Two analysers fail for one reason, each on a different content.
  for (const [sha256, analyser] of [
    [unread, 'ocr'],
    [unmeasured, 'facts'],
  ]) {
    await db.query(
      `UPDATE mediakeep.analyses SET state = 'failed', error = 'no memory' WHERE sha256_sum = $1 AND analyser = $2`,
      [sha256, analyser],
    )
    await setStatus(db, sha256!, 'failed')
  }
  await setStatus(db, unanalysed!, 'not_started')
}

async function setStatus(db: TestDatabase, sha256: string, status: string): Promise<void> {
  await db.query('UPDATE post_media SET ai_analysis_status = $2 WHERE sha256_sum = $1', [sha256, status])
}

async function addUnfetched(db: TestDatabase): Promise<void> {
  const add = `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, source_host, fate,
       url_expires_at, fate_reason, download_not_before, posted_at)
     SELECT 'med-' || $1 || n, (SELECT min(post_id) FROM posts), 'image', 'https://media.example/' || $1 || n, $1 || n,
       'media.example', $2, now() + $3::interval, $4, now() + $5::interval, now()
     FROM generate_series(1, $6::int) n`
  const busy = 'http_503: https://media.example/1 is busy'
  for (const row of [
    ['soon', 'waiting', '2 hours', null, null, 3],
    ['late', 'waiting', '3 days', null, null, 2],
    ['busy', 'failed', '5 hours', busy, '1 hour', 2],
    ['ended', 'failed', '3 days', `gave up after 8 attempts: ${busy}`, null, 1],
  ])
    await db.query(add, row)
}
