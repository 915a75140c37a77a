import { writeFile } from 'node:fs/promises'
import type { FileCache } from '@mediakeep/cache'
import { digestBytes } from '@mediakeep/checksum'
import { cachePath, type Content } from '@mediakeep/content'
import { registerContents } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { pieces, sampleOf, type SampleSet } from './samples.ts'

export interface CachedContent extends Content {
  /** Relative to the cache. */
  readonly path: string
}

/** Puts the files of a set into a cache, like the download stage. */
export async function fillCache(cache: FileCache, set: SampleSet): Promise<CachedContent[]> {
  const contents: CachedContent[] = []
  for (let n = 0; n < set.count; n++) {
    const { mediaType, mimeType, extension } = sampleOf(set.samples, n)
    const bytes = Buffer.concat(pieces(set, n))
    const digests = digestBytes(bytes)
    const content = { ...digests, name: digests.md5, mediaType, mimeType, extension }
    const path = cachePath(content)
    const temporary = await cache.createTemporary()
    await writeFile(temporary.path, bytes)
    await cache.put(temporary, path, digests)
    contents.push({ ...content, path })
  }
  return contents
}

/** Inserts rows as the download stage leaves them: contents in the archive's queue, each shown by one media row. */
export async function queueContents(
  db: Sql,
  cacheId: string,
  contents: readonly CachedContent[],
): Promise<void> {
  await registerContents(
    db,
    contents.map((content) => ({ ...content, isInspected: true })),
  )
  await db.query(
    'UPDATE mediakeep.contents SET cache_id = $1, archive_not_before = now(), inspected_at = now()',
    [cacheId],
  )
  await db.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp)
    SELECT 'p-' || name, name, 0 FROM mediakeep.contents`)
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, source_host, fate, fetched_at,
       local_file_path, sha256_sum, md5_sum, byte_size, mime_type, ai_analysis_log)
     SELECT 'med-' || c.name, 'p-' || c.name, c.media_type, 'https://media.example/' || c.name, c.name,
       'media.example', 'fetched', now(), f.path, c.sha256_sum, c.md5_sum, c.byte_size, c.mime_type, '[]'
     FROM mediakeep.contents c JOIN unnest($1::text[], $2::text[]) f (sha256, path) ON f.sha256 = c.sha256_sum`,
    [contents.map(({ sha256 }) => sha256), contents.map(({ path }) => path)],
  )
}
