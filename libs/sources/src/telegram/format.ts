import {
  InvalidPostError,
  type Author,
  type JsonObject,
  type Place,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import {
  collectMedia,
  digitsOf,
  isObject,
  listOf,
  objectOf,
  textOf,
  uniqueTexts,
  type Value,
} from '../fields.ts'
import { requireTime, unixTime, utcDate } from '../times.ts'
import { mediaIn } from './media.ts'

/** Telegram Desktop's export, `result.json` of one chat or of an account, beside the folders of its files. */
export const sourceFormat: SourceFormat = {
  name: 'telegram',
  platform: 'telegram',
  title: 'Telegram Desktop export (result.json, "Machine-readable JSON")',
  files: [
    { posts: '/messages', keep: ['/name', '/type', '/id'] },
    { posts: '/chats/list/*/messages' },
    { posts: '/left_chats/list/*/messages' },
  ],
  recognises: ({ id, type, date, date_unixtime: unix, text }) =>
    typeof id === 'number' &&
    (type === 'message' || type === 'service' || type === 'unsupported') &&
    typeof date === 'string' &&
    (unix !== undefined || text !== undefined),
  read,
}

interface Chat {
  readonly id: string
  readonly name: string | undefined
  readonly type: string | undefined
}

function read(message: JsonObject, place: Place): SourcePost | SkippedItem {
  if (message.type === 'service') return { skip: 'service message' }
  if (message.type !== 'message') return { skip: 'unsupported message' }
  const chat = chatOf(place)
  const id = digitsOf(message.id)
  if (id === undefined) throw new InvalidPostError('/id', 'the message has no id', 'no_urn')
  const stated = textOf(message.text) ?? textOf(joinParts(message.text))
  const reply = digitsOf(message.reply_to_message_id)
  const replyChat = digitsOf(textOf(message.reply_to_peer_id)?.replace(/^[a-z]+/, '')) ?? chat.id
  return {
    urn: `telegram:${chat.id}:${id}`,
    // Exports from before 2021 have only the computer's local time, without its zone.
    postedAt: requireTime(unixTime(message.date_unixtime) ?? utcDate(message.date), '/date_unixtime'),
    editedAt: unixTime(message.edited_unixtime),
    author: authorOf(message, chat),
    text: stated,
    hashtags: partsOf(message, 'hashtag', /^#/),
    mentions: partsOf(message, 'mention', /^@/),
    links: reply === undefined ? [] : [{ kind: 'reply', urn: `telegram:${replyChat}:${reply}` }],
    postType: textOf(message.forwarded_from) === undefined ? undefined : 'forward',
    url: chat.type?.startsWith('public_') ? `https://t.me/c/${chat.id}/${id}` : undefined,
    stats: Array.isArray(message.reactions) ? { reactions: message.reactions } : undefined,
    media: collectMedia(mediaIn(message, place)),
  }
}

/** @throws InvalidPostError without a chat: ids of messages are unique within one only */
function chatOf({ kept, around }: Place): Chat {
  const outer = around.findLast((object) => object.id !== undefined && object.type !== undefined)
  const chat = outer ?? { id: kept['/id'] ?? null, name: kept['/name'] ?? null, type: kept['/type'] ?? null }
  const id = digitsOf(chat.id)
  if (id === undefined)
    throw new InvalidPostError('', 'the file does not say which chat the message is from', 'no_urn')
  return { id, name: textOf(chat.name), type: textOf(chat.type) }
}

/** `from_id` is a kind and a number: `user1234`, `channel1234`. Posts of a channel have no other author. */
function authorOf({ from, from_id: fromId }: JsonObject, chat: Chat): Author {
  const isChannel = chat.type?.endsWith('_channel') === true
  return {
    displayName: textOf(from) ?? (isChannel ? chat.name : undefined),
    id: textOf(fromId) ?? (isChannel ? `channel${chat.id}` : undefined),
  }
}

/** A text is a list of plain and formatted parts when it has links, bold words and the like. */
function joinParts(value: Value): string {
  return listOf(value)
    .map((part) => (isObject(part) ? (textOf(part.text) ?? '') : (textOf(part) ?? '')))
    .join('')
}

function partsOf(message: JsonObject, type: string, mark: RegExp): string[] {
  const parts = Array.isArray(message.text_entities) ? message.text_entities : listOf(message.text)
  const found = parts.filter((part) => isObject(part) && part.type === type)
  return uniqueTexts(found.map((part) => textOf(objectOf(part).text)?.replace(mark, '')))
}
