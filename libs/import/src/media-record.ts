import { hash } from 'node:crypto'
import { InvalidMediaUrlError, readMediaUrl, withScheme } from '@mediakeep/media-url'
import { MEDIA_ROLES, unescapeUrl, type MediaReference, type MediaRole } from '@mediakeep/plugin-api'
import { int32 } from './int32.ts'

/** A media reference in the form of its row: one per post and source key. */
export interface MediaRecord {
  readonly sourceKey: string
  readonly url: string
  readonly host: string
  readonly expiresAt: Date | undefined
  readonly mediaType: MediaReference['mediaType']
  readonly role: MediaRole
  readonly pointers: readonly string[]
  readonly width: number | undefined
  readonly height: number | undefined
  /** Reason why it can never be fetched; undefined if it may be. */
  readonly blocked: string | undefined
}

/** Within PostgreSQL's index limit, and longer than any host name. */
const MAX_HOST = 300
const MAX_URL = 8192
/** Within PostgreSQL's index limit, in characters of up to four bytes. */
const MAX_KEY = 500
const MAX_REASON = 500

/** Merges references to one source at several places into one row, with the strongest role and all their pointers. */
export function mediaRecords(references: readonly MediaReference[]): MediaRecord[] {
  return mergeBySource(references.map(mediaRecord))
}

/** Merges records by source, within a post or its duplicates. Takes time linear in the pointers. */
export function mergeBySource(records: readonly MediaRecord[]): MediaRecord[] {
  return [...Map.groupBy(records, ({ sourceKey }) => sourceKey).values()].map((same) => {
    if (same.length === 1) return same[0]!
    const pointers = [...new Set(same.flatMap((record) => record.pointers))]
    return { ...same.reduce(merge), pointers }
  })
}

/** Merges everything except the pointers. */
function merge(one: MediaRecord, other: MediaRecord): MediaRecord {
  const stronger = MEDIA_ROLES.indexOf(other.role) < MEDIA_ROLES.indexOf(one.role) ? other : one
  const later = (other.expiresAt?.getTime() ?? 0) > (one.expiresAt?.getTime() ?? 0) ? other : one
  return {
    ...stronger,
    url: later.url,
    expiresAt: later.expiresAt,
    width: one.width ?? other.width,
    height: one.height ?? other.height,
  }
}

function mediaRecord(reference: MediaReference): MediaRecord {
  const { url, mediaType, role, pointer, width, height } = reference
  const place = url === undefined ? fileSource(reference) : source(url)
  return { ...place, mediaType, role, pointers: [pointer], width: int32(width), height: int32(height) }
}

/** The scheme of media that only a file of the export holds. Downloads never claim such rows. */
const FILE_SCHEME = 'mediakeep-file:'

/** The key is the same in every export of the post: never the export's name. */
function fileSource({ file, missing, key }: MediaReference): ReturnType<typeof source> {
  const name = file ?? missing ?? ''
  const sourceKey = FILE_SCHEME + (key ?? name)
  const blocked =
    file === undefined
      ? `missing_in_export: ${name}`.slice(0, MAX_REASON)
      : 'file_not_stored: media from files of an export are not stored yet; keep the export'
  return {
    url: (FILE_SCHEME + name).slice(0, MAX_URL),
    sourceKey: sourceKey.length > MAX_KEY ? hash('sha256', sourceKey) : sourceKey,
    host: '',
    expiresAt: undefined,
    blocked,
  }
}

/** A URL copied from a page may contain HTML entities, in any format. */
function source(text: string): Pick<MediaRecord, 'url' | 'sourceKey' | 'host' | 'expiresAt' | 'blocked'> {
  const url = withScheme(unescapeUrl(text))
  try {
    const { sourceKey, host, expiresAt } = readMediaUrl(url)
    if (host.length > MAX_HOST) return { ...unusable(url, 'host name too long'), sourceKey }
    const blocked = /^https?:/i.test(url.trimStart()) ? undefined : 'scheme: only http and https are fetched'
    return { url, sourceKey, host, expiresAt, blocked }
  } catch (error) {
    if (error instanceof InvalidMediaUrlError) return unusable(url, error.message)
    throw error
  }
}

/** It gets a row too, so that every reference found is counted. */
function unusable(url: string, reason: string): ReturnType<typeof source> {
  return {
    url: url.slice(0, MAX_URL),
    sourceKey: hash('sha256', url),
    host: '',
    expiresAt: undefined,
    blocked: `invalid_url: ${reason}`,
  }
}
