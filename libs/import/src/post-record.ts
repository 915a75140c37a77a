import {
  checkSourcePost,
  InvalidPostError,
  isSkippedItem,
  MAX_MEDIA_REFERENCES,
  placeOf,
  type JsonObject,
  type Place,
  type SkippedItem,
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
  /** Name of the format that read it. */
  readonly format: string
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

export type ReadPost =
  | { readonly post: PostRecord }
  | { readonly rejection: Rejection }
  /** The reason why it is no post, and no failure. */
  | { readonly skipped: string }

/** Where the posts that a format reads were found; other facts for each format. */
export type PlaceOf = (format: SourceFormat, seenAt: number | undefined) => Place

const NOWHERE = placeOf()
/** Set for posts that are read from the database. */
const nowhere: PlaceOf = () => NOWHERE

/**
 * Reads one post. Reports errors instead of throwing them, so that a bad post never affects the others.
 *
 * @param formats those whose rules apply to the file
 * @param all every format: a post in an envelope may be of any
 */
export function readPost(
  value: RawValue,
  formats: readonly SourceFormat[],
  placeFor: PlaceOf,
  all: readonly SourceFormat[],
): ReadPost {
  try {
    const read = readSource(parsePost(value), formats, placeFor, all)
    return 'skip' in read ? { skipped: read.skip.slice(0, 100) } : { post: toRecord(read, value.bytes) }
  } catch (error) {
    return { rejection: rejectionOf(error, value.bytes) }
  }
}

/** Reads a stored post. @throws InvalidPostError, or any error of a plugin */
export function postRecord(json: JsonObject, rawJson: Buffer, formats: readonly SourceFormat[]): PostRecord {
  return toRecord(readStored(json, formats), rawJson)
}

/** @throws InvalidPostError, or any error of a plugin */
export function readStored(json: JsonObject, formats: readonly SourceFormat[]): ReadSource {
  const read = readSource(json, formats, nowhere, formats)
  if ('skip' in read) throw new InvalidPostError('', `not a post: ${read.skip}`, 'skipped')
  return read
}

function toRecord({ platform, format, post }: ReadSource, rawJson: Buffer): PostRecord {
  const { media, stats, urn, otherUrns, foreignUrns, identity, ...source } = post
  return {
    ...source,
    ...postNames(platform, { urn, otherUrns, foreignUrns, identity }),
    format,
    authorUsername: source.author?.username ?? source.authorUsername,
    totalReactions: int32(source.totalReactions),
    rawJson,
    statsJson: stats && JSON.stringify(stats),
    media: mediaRecords(media),
  }
}

export interface ReadSource {
  readonly platform: string
  /** Name of the format that read it. */
  readonly format: string
  readonly post: SourcePost
}

/** @throws InvalidPostError, or any error of a plugin */
function readSource(
  json: JsonObject,
  formats: readonly SourceFormat[],
  placeFor: PlaceOf,
  all: readonly SourceFormat[],
): ReadSource | SkippedItem {
  const { item, pointer, seenAt, fitting, skip } = unwrapped(json, formats, placeFor, all)
  if (skip !== undefined) return { skip }
  const format = onlyOne(
    fitting.filter((some) => some.recognises(item, placeFor(some, seenAt))),
    formats,
  )
  const result = format.read(item, placeFor(format, seenAt))
  if (isSkippedItem(result)) return result
  const post = checkSourcePost(format, result)
  checkFields(post)
  if (post.media.length > MAX_MEDIA_REFERENCES) {
    throw new InvalidPostError('', `more than ${MAX_MEDIA_REFERENCES} media references`, 'too_many_media')
  }
  const media = post.media.map((one) => ({ ...one, pointer: pointer + one.pointer }))
  return {
    platform: post.platform ?? format.platform,
    format: format.name,
    post: pointer === '' ? post : { ...post, media },
  }
}

interface Unwrapped {
  readonly item: JsonObject
  readonly pointer: string
  readonly seenAt: number | undefined
  readonly fitting: readonly SourceFormat[]
  readonly skip?: string
}

/** An envelope may hold another one. */
const MAX_ENVELOPES = 4

/** Takes a post out of its envelopes, such as those of browser extensions. */
function unwrapped(
  json: JsonObject,
  formats: readonly SourceFormat[],
  placeFor: PlaceOf,
  all: readonly SourceFormat[],
): Unwrapped {
  let found: Unwrapped = { item: json, pointer: '', seenAt: undefined, fitting: formats }
  for (let n = 0; n < MAX_ENVELOPES; n++) {
    const { item, pointer, seenAt, fitting } = found
    let inner: ReturnType<NonNullable<SourceFormat['unwrap']>>
    for (const format of fitting) inner ??= format.unwrap?.(item, placeFor(format, seenAt))
    if (inner === undefined) break
    if ('skip' in inner) return { ...found, skip: inner.skip }
    const names = inner.formats
    found = {
      item: inner.post,
      pointer: pointer + inner.pointer,
      seenAt: inner.seenAt ?? seenAt,
      fitting: names ? all.filter(({ name }) => names.includes(name)) : all,
    }
  }
  return found
}

/** @throws InvalidPostError unless exactly one format recognises the item */
function onlyOne(recognising: readonly SourceFormat[], formats: readonly SourceFormat[]): SourceFormat {
  const [format, ...others] = recognising
  if (format === undefined) throw unknownFormat(formats)
  if (others.length === 0) return format
  const names = recognising.map(({ name }) => name).join(', ')
  const message = `several source formats recognise it: ${names}. Choose one with --format, and report the clash`
  throw new InvalidPostError('', message, 'ambiguous_format')
}

function unknownFormat(formats: readonly SourceFormat[]): InvalidPostError {
  const names = formats.map(({ name }) => name).join(', ')
  return new InvalidPostError(
    '',
    `no source format recognises it. Formats tried: ${names}. For another one, write a plugin ` +
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
