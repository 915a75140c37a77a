import { actorJson } from '@mediakeep/custody'
import { newId } from '@mediakeep/ids'
import { FILE_HOST } from '@mediakeep/media'
import { MEDIA_ROLES } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import type { MediaRecord } from './media-record.ts'
import { upsertMedia } from './store-media.sql.ts'

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
 * Adds missing references. A known one takes the fresh URL and waits again, unless it is fetched or a person judged
 * it; it also takes the strongest role and all pointers.
 *
 * @param items sorted by post and source key, without duplicates: concurrent imports then lock in one order
 */
export async function storeMedia(sql: Sql, items: readonly PostMedia[]): Promise<MediaCounts> {
  if (items.length === 0) return { inserted: 0, refreshed: 0 }
  const { rows } = await upsertMedia(sql, [
    items.map(() => newId('med')),
    items.map(({ postId }) => postId),
    items.map(({ media }) => media.mediaType),
    items.map(({ media }) => media.url),
    items.map(({ media }) => media.width),
    items.map(({ media }) => media.height),
    items.map(({ media }) => media.sourceKey),
    items.map(({ media }) => (media.file === undefined ? media.host : FILE_HOST)),
    items.map(({ media }) => media.role),
    items.map(({ media }) => arrayLiteral(media.pointers)),
    items.map(({ postedAt }) => new Date(postedAt).toISOString()),
    items.map(({ media }) => media.expiresAt?.toISOString()),
    items.map(({ media }) => media.ended?.fate),
    MEDIA_ROLES,
    items.map(({ media }) => media.ended?.reason),
    items.map(({ media }) => media.altText),
    items.map(({ media }) => media.attested?.algorithm),
    items.map(({ media }) => media.attested?.value),
    actorJson(),
  ])
  return rows[0]!
}

/** A text[] within a text[]: unnest would flatten an array of arrays. */
function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
