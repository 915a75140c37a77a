import { createHash } from 'node:crypto'
import {
  InvalidPostError,
  type JsonObject,
  type Place,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, textOf } from '../fields.ts'
import { requireTime } from '../times.ts'
import { parseStart, parseTime } from './dates.ts'
import { mediaOf } from './media.ts'

/** A chat that WhatsApp exports: `_chat.txt` (iOS) or `WhatsApp Chat with ….txt` (Android), beside its files. */
export const sourceFormat: SourceFormat = {
  name: 'whatsapp',
  platform: 'whatsapp',
  title: 'WhatsApp chat (Export chat, with or without media)',
  files: [{ path: '**/*.txt', encoding: 'text', startsItem: (line) => parseStart(line) !== undefined }],
  recognises: ({ text, line }) =>
    typeof line === 'number' && typeof text === 'string' && parseStart(text) !== undefined,
  read,
}

function read(item: JsonObject, place: Place): SourcePost | SkippedItem {
  const start = parseStart(textOf(item.text) ?? '')
  if (!start) throw new InvalidPostError('/text', 'the line does not begin with a date and a time', 'no_date')
  // A name never has a colon and a space; a message of the system has no name.
  const [, name, message] =
    /^([^:\n]{1,100}): (.*)$/s.exec(start.rest) ?? /^([^:\n]{1,100}):()$/.exec(start.rest) ?? []
  if (name === undefined) return { skip: 'system message' }
  const { media, caption } = mediaOf(message!, place)
  return {
    urn: `whatsapp:${digestOf([start.date, start.time, name, message!])}`,
    postedAt: requireTime(parseTime(start), '/text'),
    author: { displayName: name },
    text: textOf(caption),
    media: collectMedia(media.map((found) => ({ ...found, role: 'content', pointer: '/text' }))),
  }
}

/**
 * A message has no id. Date, time, name and text tell it from others, apart from the same words in the same minute.
 * The line does not count: a later export of the chat begins elsewhere.
 */
function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32)
}
