import type { Sql } from '@mediakeep/sql'

/** Posts with text to search, with media that wait for nothing, and twenty posts with 1 MB of JSON each. */
export async function seed(db: Sql): Promise<void> {
  await db.query(`
    INSERT INTO posts (post_id, urn, platform, text_content, raw_json, posted_at_timestamp, author_username)
    SELECT 'post-' || n, 'urn:li:activity:' || n, 'linkedin',
      'alpine meadow ' || md5(n::text) || ' ' || md5((n * 7)::text),
      CASE WHEN n <= 20 THEN json_build_object('text', repeat('x', 1000000))::text END,
      1600000000000 + n, 'author-' || n % 500
    FROM generate_series(1, 20000) AS n`)
  await db.query(`
    INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, fate)
    SELECT 'media-' || n, 'post-' || (n % 20000 + 1), 'image', 'https://media.example/' || n, n::text, 'gone'
    FROM generate_series(1, 60000) AS n`)
  await db.query('ANALYZE posts')
  await db.query('ANALYZE post_media')
}
