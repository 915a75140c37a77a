import { newId } from '@mediakeep/ids'
import { reportChanges } from '@mediakeep/media'
import { MEDIA_ROLES } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import type { MediaRecord } from './media-record.ts'

export interface PostMedia {
  readonly postId: string
  /** Unix time in milliseconds. */
  readonly postedAt: number
  readonly media: MediaRecord
}

export interface MediaCounts {
  readonly inserted: number
  /** Known references that received a fresh URL. */
  readonly refreshed: number
}

/**
 * A newly signed URL, and not an older one from an older export. It reopens all rows except fetched ones and those
 * that a person judged: any other fate came about under the old URL.
 */
const FRESH = `m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
  AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE`
const ROLES = `ARRAY[${MEDIA_ROLES.map((role) => `'${role}'`).join(', ')}]`
const STRONGER = `coalesce(array_position(${ROLES}, excluded.role) < array_position(${ROLES}, m.role), m.role IS NULL)`
const POINTERS = `coalesce(m.json_pointers, '{}')`
// NOT IN hashes the row's pointers. Comparing every pair would take seconds for a post with thousands.
const NEW_POINTERS = `SELECT pointer FROM unnest(excluded.json_pointers) pointer
  WHERE pointer NOT IN (SELECT unnest(${POINTERS}))`
const whenFresh = (column: string, value: string): string =>
  `${column} = CASE WHEN ${FRESH} THEN ${value} ELSE m.${column} END`

const STORE = `WITH stored AS (
  INSERT INTO public.post_media AS m (media_id, post_id, media_type, media_url, width, height, source_key, source_host,
    role, json_pointers, posted_at, url_expires_at, fate, fate_reason, fate_at, ai_analysis_log)
  SELECT i.media_id, i.post_id, i.media_type, i.media_url, i.width, i.height, i.source_key, i.source_host, i.role,
    i.pointers::text[], i.posted_at, i.expires_at,
    CASE WHEN i.blocked IS NULL THEN 'waiting' ELSE 'blocked' END, i.blocked, now(), '[]'
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[])
    i (media_id, post_id, media_type, media_url, width, height, source_key, source_host, role, pointers, posted_at,
       expires_at, blocked)
  ON CONFLICT (post_id, source_key) DO UPDATE SET
    ${whenFresh('media_url', 'excluded.media_url')},
    ${whenFresh('source_host', 'excluded.source_host')},
    ${whenFresh('url_expires_at', 'excluded.url_expires_at')},
    ${whenFresh('fate', "'waiting'")},
    ${whenFresh('fate_reason', 'NULL')},
    ${whenFresh('fate_at', 'now()')},
    ${whenFresh('download_attempts', '0')},
    ${whenFresh('download_not_before', 'NULL')},
    -- The file that was rejected, should it still be there, must not answer for the fresh URL.
    local_file_path = CASE WHEN (${FRESH}) AND m.fate = 'rejected' THEN NULL ELSE m.local_file_path END,
    role = CASE WHEN ${STRONGER} THEN excluded.role ELSE m.role END,
    json_pointers = ${POINTERS} || ARRAY(${NEW_POINTERS}),
    posted_at = coalesce(m.posted_at, excluded.posted_at),
    updated_at = now()
  WHERE (${FRESH}) OR ${STRONGER} OR
    m.json_pointers IS DISTINCT FROM excluded.json_pointers AND EXISTS (${NEW_POINTERS})
  RETURNING m.media_id, m.post_id, m.xmax = 0 AS is_new, m.fate_at = now() AS has_fate),
reported AS (${reportChanges(`SELECT s.media_id, s.post_id, 'fate' AS what, old.fate AS old_status, 'waiting' AS new_status
  FROM stored s CROSS JOIN LATERAL (
    SELECT o.fate FROM public.post_media o WHERE o.media_id = s.media_id AND o.fate <> 'waiting' LIMIT 1) old
  WHERE s.has_fate AND NOT s.is_new`)})
SELECT (count(*) FILTER (WHERE is_new))::integer AS inserted,
  (count(*) FILTER (WHERE has_fate AND NOT is_new))::integer AS refreshed
FROM stored`

/**
 * Adds missing references. A known one takes the fresh URL and waits again, unless it is fetched or a person judged
 * it; it also takes the strongest role and all pointers.
 *
 * @param items sorted by post and source key, without duplicates: concurrent imports then lock in one order
 */
export async function storeMedia(sql: Sql, items: readonly PostMedia[]): Promise<MediaCounts> {
  if (items.length === 0) return { inserted: 0, refreshed: 0 }
  const { rows } = await sql.query<MediaCounts>(STORE, [
    items.map(() => newId('med')),
    items.map(({ postId }) => postId),
    items.map(({ media }) => media.mediaType),
    items.map(({ media }) => media.url),
    items.map(({ media }) => media.width),
    items.map(({ media }) => media.height),
    items.map(({ media }) => media.sourceKey),
    items.map(({ media }) => media.host),
    items.map(({ media }) => media.role),
    items.map(({ media }) => arrayLiteral(media.pointers)),
    items.map(({ postedAt }) => new Date(postedAt).toISOString()),
    items.map(({ media }) => media.expiresAt?.toISOString()),
    items.map(({ media }) => media.blocked),
  ])
  return rows[0]!
}

/** A text[] within a text[]: unnest would flatten an array of arrays. */
function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
