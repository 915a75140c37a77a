import {
  InvalidPostError,
  type FileRule,
  type JsonObject,
  type JsonValue,
  type MediaReference,
  type Place,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import {
  collectMedia,
  escapePointer,
  isObject,
  numberOf,
  textOf,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'
import { mediaTypeOfPath } from '../file-types.ts'
import { hashtagsIn, mentionsIn } from '../text-tags.ts'
import { requireTime } from '../times.ts'
import { timeInCell } from './dates.ts'
import { checkMapping, type TableMapping } from './mapping.ts'

/**
 * Makes a format for a table of one's own: CSV, TSV or JSON, by a mapping of its columns.
 *
 * @param value the mapping, as read from its JSON file
 * @throws InvalidMappingError
 */
export function tableFormat(value: unknown): SourceFormat {
  const mapping = checkMapping(value)
  return {
    name: 'table',
    platform: mapping.platform,
    title: 'Table with a mapping file (CSV, TSV, JSON)',
    files: rulesFor(mapping),
    recognises: (post) => cell(post, mapping.urn) !== undefined || cell(post, mapping.postedAt) !== undefined,
    read: (post, place) => readRow(post, place, mapping),
  }
}

function rulesFor({ posts }: TableMapping): FileRule[] {
  if (posts !== undefined) return [{ posts }]
  return [{}, { path: '**/*.csv', encoding: 'csv' }, { path: '**/*.tsv', encoding: 'csv' }]
}

/** Returns a column's value, or the one at a JSON pointer. */
function cell(row: JsonObject, name: string | undefined): Value {
  if (name === undefined) return undefined
  if (Object.hasOwn(row, name)) return row[name]
  if (!name.startsWith('/')) return undefined
  let value: Value = row
  for (const step of name.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value)) value = /^\d+$/.test(key) ? value[Number(key)] : undefined
    else value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}

function pointerTo(name: string): string {
  return name.startsWith('/') ? name : `/${escapePointer(name)}`
}

function textIn(row: JsonObject, name: string | undefined): string | undefined {
  const value = cell(row, name)
  return typeof value === 'number' ? String(value) : textOf(value)?.trim() || undefined
}

/** @throws InvalidPostError that names the column */
function readRow(row: JsonObject, place: Place, mapping: TableMapping): SourcePost {
  const id = textIn(row, mapping.urn)
  if (id === undefined)
    throw new InvalidPostError(pointerTo(mapping.urn), `column ${mapping.urn} is empty`, 'no_urn')
  const text = textIn(row, mapping.text)
  const username = textIn(row, mapping.username)?.replace(/^@/, '')
  const [displayName, authorId] = [textIn(row, mapping.displayName), textIn(row, mapping.authorId)]
  const hasAuthor = [username, displayName, authorId].some((field) => field !== undefined)
  return {
    urn: `${mapping.platform}:${id}`,
    postedAt: readTime(row, mapping),
    author: hasAuthor ? { username, displayName, id: authorId } : undefined,
    text,
    hashtags: hashtagsIn(text),
    mentions: mentionsIn(text),
    language: textIn(row, mapping.language),
    contentWarning: textIn(row, mapping.contentWarning),
    postType: textIn(row, mapping.postType),
    url: urlOf(cell(row, mapping.url)),
    media: collectMedia(mediaIn(row, place, mapping)),
  }
}

function readTime(row: JsonObject, mapping: TableMapping): number {
  const value = cell(row, mapping.postedAt)
  const pointer = pointerTo(mapping.postedAt)
  const time = timeInCell(value, mapping)
  if (time !== undefined) return requireTime(time, pointer)
  const shown = JSON.stringify(value ?? null).slice(0, 60)
  const message = `column ${mapping.postedAt} has no date that can be read: ${shown}. Dates are ISO 8601, Unix times, or with "dateOrder" in the mapping 01/05/2024`
  throw new InvalidPostError(pointer, message, 'date_out_of_range')
}

function* mediaIn(row: JsonObject, place: Place, { media }: TableMapping): References {
  for (const entry of media) {
    const {
      column,
      type,
      role = 'content',
      altText,
    } = typeof entry === 'string'
      ? { column: entry, type: undefined, role: undefined, altText: undefined }
      : entry
    for (const [name, pointer] of namesIn(cell(row, column), pointerTo(column))) {
      const mediaType = type ?? mediaTypeOfPath(name) ?? 'image'
      yield { ...whereIs(name, place), role, mediaType, pointer, altText: textIn(row, altText) }
    }
  }
}

/** A cell holds one URL or path, several URLs, or in JSON a list of them. */
function* namesIn(value: JsonValue | undefined, pointer: string): Generator<[name: string, pointer: string]> {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* namesIn(inner, `${pointer}/${index}`)
    return
  }
  const text = textOf(value)?.trim() ?? ''
  if (text === '') {
    // A number or an object is no name; its row would be lost without a word.
    if (numberOf(value) !== undefined || isObject(value))
      throw new InvalidPostError(pointer, 'neither a URL nor a path')
    return
  }
  const parts = /^https?:/i.test(text) ? text.split(/[\s|;]+|,(?=https?:)/i) : text.split(/\s*[|;\n]\s*/)
  for (const part of parts) if (part !== '') yield [part, pointer]
}

function whereIs(name: string, place: Place): Pick<MediaReference, 'url' | 'file' | 'missing' | 'key'> {
  if (/^(?:https?:)?\/\//i.test(name)) return { url: name }
  const file = place.resolve(name)
  return file === undefined ? { missing: `the export does not have ${name}`, key: name } : { file, key: name }
}
