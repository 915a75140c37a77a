import type { Sql } from '@mediakeep/sql'

/** Inserts media, four per post, over eight years, each showing one of the existing pictures. */
export async function fillGallery(database: Sql, rows: number): Promise<void> {
  const posts = rows / 4
  await database.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp, author_username, text_content, url, post_type)
     SELECT 'p-' || lpad(to_hex(n), 32, '0'), 'bench:' || n, 1500000000000 + n, 'author-' || n % 500,
       'harbour ' || n, 'https://www.linkedin.com/posts/' || n, 'regular'
     FROM generate_series(1, $1::int) n`,
    [posts],
  )
  await database.query(
    `WITH pictures AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY sha256_sum) - 1 AS place, count(*) OVER () AS total, p.*
       FROM (SELECT DISTINCT ON (sha256_sum) * FROM post_media
         WHERE fate = 'fetched' AND media_type = 'image' ORDER BY sha256_sum) p)
     INSERT INTO post_media (media_id, post_id, media_type, media_url, mime_type, width, height, md5_sum, sha256_sum,
       byte_size, local_file_path, archive_url, ai_analysis_log, ai_analysis_status, fate, role, source_key, created_at, posted_at)
     SELECT 'med-' || lpad(to_hex(n), 32, '0'), 'p-' || lpad(to_hex(1 + n % $2::int), 32, '0'), 'image',
       'https://media.example/' || n, p.mime_type, p.width, p.height, p.md5_sum, p.sha256_sum,
       p.byte_size, p.local_file_path, p.archive_url, '[]', 'completed', 'fetched',
       'content', 'bench:' || n, timestamptz '2026-01-01' - n / 100 * interval '1 second',
       timestamptz '2026-01-01' - n * interval '252 seconds'
     FROM generate_series(1, $1::int) n JOIN pictures p ON p.place = n % p.total`,
    [rows, posts],
  )
  await database.query('VACUUM ANALYZE')
}
