import { hash } from 'node:crypto'
import type { Candidate } from '@mediakeep/media'
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
  /** Path of the file of its export that has its bytes; the URL is then the second choice. */
  readonly file: string | undefined
  /** Renditions in the order in which they are tried, beginning with `url`. Fewer than two: there is no choice. */
  readonly candidates: readonly Candidate[]
  /** The text that the source gives for people who cannot see it. */
  readonly altText: string | undefined
  /** The digest of the bytes that the source states. */
  readonly attested: AttestedDigest | undefined
  /** The fate it begins with because there is nothing to fetch; undefined if it waits. */
  readonly ended: EndedReference | undefined
}

interface AttestedDigest {
  readonly algorithm: 'sha256' | 'md5'
  /** Hexadecimal, in lower case. */
  readonly value: string
}

export interface EndedReference {
  readonly fate: 'blocked' | 'gone' | 'failed' | 'rejected'
  readonly reason: string
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
    candidates: later.candidates,
    expiresAt: later.expiresAt,
    file: stronger.file ?? one.file ?? other.file,
    ended: one.ended && other.ended && stronger.ended,
    altText: stronger.altText ?? one.altText ?? other.altText,
    attested: stronger.attested ?? one.attested ?? other.attested,
    width: one.width ?? other.width,
    height: one.height ?? other.height,
  }
}

function mediaRecord(reference: MediaReference): MediaRecord {
  const { url, file, mediaType, role, pointer, width, height } = reference
  const place = url === undefined ? fileSource(reference) : source(url)
  const facts = {
    mediaType,
    role,
    pointers: [pointer],
    width: int32(width),
    height: int32(height),
    altText: reference.altText?.trim() || undefined,
    attested: attestedDigest(reference),
  }
  return {
    ...place,
    ...facts,
    candidates: candidatesOf(place, reference),
    file,
    ended: file === undefined ? place.ended : undefined,
  }
}

/** Renditions that can be fetched, each URL once. */
function candidatesOf(
  first: Pick<MediaRecord, 'url' | 'host' | 'expiresAt' | 'ended'>,
  { candidates = [] }: MediaReference,
): Candidate[] {
  if (first.ended) return []
  const all = [first, ...candidates.map(({ url }) => source(url)).filter(({ ended }) => !ended)]
  const byUrl = new Map(all.map(({ url, host, expiresAt }) => [url, { url, host, expiresAt }]))
  return [...byUrl.values()]
}

/** The stronger of the digests that the source states. */
function attestedDigest({ attested }: MediaReference): AttestedDigest | undefined {
  if (attested?.sha256) return { algorithm: 'sha256', value: attested.sha256.toLowerCase() }
  return attested?.md5 ? { algorithm: 'md5', value: attested.md5.toLowerCase() } : undefined
}

/** True for media that only a file of an export holds. */
export function isFileOnly({ url }: Pick<MediaRecord, 'url'>): boolean {
  return url.startsWith(FILE_SCHEME)
}

/** Leaves a record whose file the export does not hand out its URL, or gives it the reason. */
export function withoutFile(record: MediaRecord, ended: EndedReference): MediaRecord {
  return { ...record, file: undefined, ended: isFileOnly(record) ? ended : undefined }
}

/** The fate of media that an export names and does not hold. A fuller export reopens it. */
export function missingInExport(name: string): EndedReference {
  return { fate: 'gone', reason: `missing_in_export: ${name}`.slice(0, MAX_REASON) }
}

/** The scheme of media that only a file of an export holds. Downloads never claim such rows. */
const FILE_SCHEME = 'mediakeep-file:'

/** The key is the same in every export of the post: never the export's name. */
function fileSource({ file, missing, key }: MediaReference): ReturnType<typeof source> {
  const name = file ?? missing ?? ''
  const sourceKey = FILE_SCHEME + (key ?? name)
  return {
    url: (FILE_SCHEME + name).slice(0, MAX_URL),
    sourceKey: sourceKey.length > MAX_KEY ? hash('sha256', sourceKey) : sourceKey,
    host: '',
    expiresAt: undefined,
    ended: missingInExport(name),
  }
}

/** A URL copied from a page may contain HTML entities, in any format. */
function source(text: string): Pick<MediaRecord, 'url' | 'sourceKey' | 'host' | 'expiresAt' | 'ended'> {
  const url = withScheme(unescapeUrl(text))
  try {
    const { sourceKey, host, expiresAt } = readMediaUrl(url)
    if (host.length > MAX_HOST) return { ...unusable(url, 'host name too long'), sourceKey }
    const isFetched = /^https?:/i.test(url.trimStart())
    const ended = isFetched ? undefined : blocked('scheme: only http and https are fetched')
    return { url, sourceKey, host, expiresAt, ended }
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
    ended: blocked(`invalid_url: ${reason}`),
  }
}

function blocked(reason: string): EndedReference {
  return { fate: 'blocked', reason }
}
