import type { Sql } from '@mediakeep/sql'
import { FIRST_CREATED } from './page-query.ts'

/** Inserts media, four per post, each fetched and archived; a hundred share the time of one import. */
export async function fill(database: Sql, rows: number): Promise<void> {
  const posts = rows / 4
  await database.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp, author_username, text_content, raw_json, url, post_type)
     SELECT 'p-' || lpad(to_hex(n), 32, '0'), n::text, 1700000000000 + n, 'author-' || n % 500,
       repeat('harbour ', 30) || n, repeat('{"a":1}', 100), 'https://www.linkedin.com/posts/' || n, 'regular'
     FROM generate_series(1, $1::int) n`,
    [posts],
  )
  await database.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, mime_type, width, height, md5_sum, sha256_sum,
       byte_size, local_file_path, archive_url, ai_analysis_log, fate, role, source_key, created_at, posted_at)
     SELECT 'med-' || lpad(to_hex(n), 32, '0'), 'p-' || lpad(to_hex(1 + n % $2::int), 32, '0'), 'image',
       'https://media.example/' || md5(n::text), 'image/jpeg', 800, 600, md5(n::text), repeat(md5(n::text), 2),
       12345 + n, 'images/' || md5(n::text) || '.jpg', 's3://bucket/media/' || md5(n::text), '[]', 'fetched',
       'content', n::text, to_timestamp($3::float8) - (n - 1) / 100 * interval '1 second',
       timestamptz '2025-01-01' + n * interval '1 second'
     FROM generate_series(1, $1::int) n`,
    [rows, posts, FIRST_CREATED / 1000],
  )
  await database.query('VACUUM ANALYZE')
}
