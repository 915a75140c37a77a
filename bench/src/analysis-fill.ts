import { configureAnalysers } from '@mediakeep/analysis'
import type { Database } from '@mediakeep/sql'

const AT_ONCE = 250_000

/** Inserts archived images, each with one row and one waiting analysis; checksums rise with creation time. */
export async function fillAnalyses(db: Database, rows: number): Promise<void> {
  await configureAnalysers(db, [{ name: 'facts', version: '1', mediaTypes: ['image'] }])
  await db.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp)
     SELECT 'p-' || lpad(to_hex(n), 32, '0'), n::text, 1700000000000 + n FROM generate_series(0, $1::int) n`,
    [Math.ceil(rows / 4)],
  )
  for (let first = 1; first <= rows; first += AT_ONCE) {
    await fillRange(db, first, Math.min(rows, first + AT_ONCE - 1))
  }
  await db.query('VACUUM ANALYZE')
  await db.query('CHECKPOINT')
}

async function fillRange(db: Database, first: number, last: number): Promise<void> {
  await db.transaction(async (sql) => {
    // Skip foreign key checks: the referenced rows exist.
    await sql.query('SET LOCAL session_replication_role = replica')
    await sql.query(CONTENTS, [first, last])
    await sql.query(MEDIA, [first, last])
    await sql.query(ANALYSES, [first, last])
  })
}

const SHA256 = `lpad(to_hex(n), 64, '0')`
const CREATED = `timestamptz '2026-01-01' + n * interval '1 millisecond'`

const CONTENTS = `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type,
    extension, width, height, inspected_at, archive_url, archive_verified_at, created_at, analysis_generation)
  SELECT ${SHA256}, md5(n::text), md5(n::text), 12345 + n, 'image', 'image/jpeg', 'jpg', 800, 600, now(),
    's3://bucket/media/' || md5(n::text), now(), ${CREATED}, (SELECT max(generation) FROM mediakeep.analysers)
  FROM generate_series($1::int, $2::int) n`

const MEDIA = `INSERT INTO post_media (media_id, post_id, media_type, media_url, mime_type, width, height, md5_sum,
    sha256_sum, byte_size, local_file_path, archive_url, ai_analysis_log, fate, fetched_at, role, source_key,
    created_at, posted_at)
  SELECT 'med-' || lpad(to_hex(n), 32, '0'), 'p-' || lpad(to_hex(n / 4), 32, '0'), 'image',
    'https://media.example/' || md5(n::text), 'image/jpeg', 800, 600, md5(n::text), ${SHA256}, 12345 + n,
    'images/' || md5(n::text) || '.jpg', 's3://bucket/media/' || md5(n::text),
    '[{"event": "media_downloaded", "status": "not_started", "timestamp": "2026-01-01T00:00:00.000Z"}]', 'fetched',
    now(), 'content', n::text, ${CREATED}, timestamptz '2025-01-01' + n * interval '1 second'
  FROM generate_series($1::int, $2::int) n`

const ANALYSES = `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type)
  SELECT ${SHA256}, 'facts', '1', 'image' FROM generate_series($1::int, $2::int) n`
