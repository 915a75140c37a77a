import {
  checkSourcePost,
  InvalidPostError,
  isSkippedItem,
  MAX_MEDIA_REFERENCES,
  placeOf,
  type JsonObject,
  type Place,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { storableText } from '@mediakeep/sql'
import { int32 } from './int32.ts'
import { mediaRecords, type MediaRecord } from './media-record.ts'
import { parsePost } from './parse-post.ts'
import { postNames, type PostNames } from './post-names.ts'
import type { RawValue } from './raw-value.ts'

/** A post, ready to be stored. */
export interface PostRecord
  extends
    Omit<SourcePost, 'media' | 'stats' | 'urn' | 'otherUrns' | 'foreignUrns' | 'identity' | 'platform'>,
    PostNames {
  /** Original bytes from the file, in UTF-8. */
  readonly rawJson: Buffer
  readonly statsJson: string | undefined
  readonly media: readonly MediaRecord[]
}

/** Reason why a post was rejected. */
export interface Rejection {
  readonly code: string
  readonly pointer: string
  readonly reason: string
  /** The beginning of its JSON. */
  readonly excerpt: string
}

export type ReadPost = { readonly post: PostRecord } | { readonly rejection: Rejection }

/** Reads one post. Reports errors instead of throwing them, so that a bad post never affects the others. */
export function readPost(value: RawValue, formats: readonly SourceFormat[]): ReadPost {
  try {
    return { post: postRecord(parsePost(value), value.bytes, formats) }
  } catch (error) {
    return { rejection: rejectionOf(error, value.bytes) }
  }
}

/** @throws InvalidPostError, or any error of a plugin */
export function postRecord(json: JsonObject, rawJson: Buffer, formats: readonly SourceFormat[]): PostRecord {
  const { platform, post } = readSource(json, formats)
  const { media, stats, urn, otherUrns, foreignUrns, identity, ...source } = post
  return {
    ...source,
    ...postNames(platform, { urn, otherUrns, foreignUrns, identity }),
    authorUsername: source.author?.username ?? source.authorUsername,
    totalReactions: int32(source.totalReactions),
    rawJson,
    statsJson: stats && JSON.stringify(stats),
    media: mediaRecords(media),
  }
}

/** @throws InvalidPostError, or any error of a plugin */
export function readSource(
  json: JsonObject,
  formats: readonly SourceFormat[],
  place: Place = placeOf(),
): { platform: string; post: SourcePost } {
  const format = formats.find((candidate) => candidate.recognises(json, place))
  if (!format) throw unknownFormat(formats)
  const result = format.read(json, place)
  if (isSkippedItem(result)) throw new InvalidPostError('', result.skip, 'skipped')
  const post = checkSourcePost(format, result)
  checkFields(post)
  if (post.media.length > MAX_MEDIA_REFERENCES) {
    throw new InvalidPostError('', `more than ${MAX_MEDIA_REFERENCES} media references`, 'too_many_media')
  }
  return { platform: post.platform ?? format.platform, post }
}

function unknownFormat(formats: readonly SourceFormat[]): InvalidPostError {
  const names = formats.map(({ name }) => name).join(', ')
  return new InvalidPostError(
    '',
    `no source format recognises it. There are: ${names}. For others, write a plugin ` +
      '(libs/plugin-api/README.md) and name it in MEDIAKEEP_PLUGINS',
    'unknown_format',
  )
}

export function rejectionOf(error: unknown, bytes: Buffer): Rejection {
  const excerpt = bytes.subarray(0, 240).toString('utf8').replaceAll('\0', '')
  // Checked by name: an external plugin throws the class from its own copy of the plugin API.
  if (error instanceof Error && error.name === 'InvalidPostError') {
    const { code = 'invalid_post', pointer = '' } = error as Partial<InvalidPostError>
    return { code, pointer, reason: clean(error.message), excerpt }
  }
  return { code: 'plugin_error', pointer: '', reason: clean(String(error)), excerpt }
}

/** Years that ISO 8601 and PostgreSQL both write in four digits; only one of them has a year 0. */
const EARLIEST = Date.UTC(1900, 0, 1)
const LATEST = Date.UTC(10_000, 0, 1)
/** In characters. PostgreSQL's btree holds up to 2,704 bytes. */
const MAX_INDEXED = 512

/** Enforces the rules that apply to every format, including plugins. */
function checkFields(source: SourcePost): void {
  const { urn, postedAt, ...rest } = source
  if (!Number.isInteger(postedAt) || postedAt < EARLIEST || postedAt >= LATEST) {
    throw new InvalidPostError('', 'the time of the post is out of range', 'date_out_of_range')
  }
  const texts = Object.entries({ urn, ...rest }).concat(
    [...(rest.otherUrns ?? []), ...(rest.foreignUrns ?? [])].map((other) => ['urn', other]),
  )
  for (const [name, text] of texts) {
    if (typeof text !== 'string') continue
    if (text.includes('\0') || !text.isWellFormed()) {
      throw new InvalidPostError('', `${name} holds a NUL or a lone surrogate`, 'invalid_text')
    }
    if (name !== 'text' && name !== 'url' && text.length > MAX_INDEXED) {
      throw new InvalidPostError('', `${name} is longer than ${MAX_INDEXED} characters`, 'field_too_long')
    }
  }
}

/** A reason is stored as text: no NUL, no lone surrogates, limited length. */
function clean(text: string): string {
  return storableText(text, 1000)
}
