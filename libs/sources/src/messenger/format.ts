import type {
  FileRule,
  JsonObject,
  Place,
  SkippedItem,
  SourceFormat,
  SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, numberOf, textOf } from '../fields.ts'
import { exportFiles, exportText } from '../meta/export-files.ts'
import { nameOfPost } from '../meta/post-name.ts'
import { requireTime } from '../times.ts'

const KEEP = ['/title', '/thread_path', '/threadName']
/** `message_1.json`; chats with end-to-end encryption are in `<name>_1.json` beside a folder `media`. */
const FILES: readonly FileRule[] = [{ path: '**/*_*.json', posts: '/messages', keep: KEEP }]

/** Messages of Facebook and Instagram, from their exports and from Messenger's own of encrypted chats. */
export const sourceFormat: SourceFormat = {
  name: 'messenger',
  platform: 'facebook',
  title: 'Messages in an export of Facebook, Messenger or Instagram',
  files: FILES,
  facts: [{ path: '**/personal_information.json' }],
  recognises,
  read,
}

function recognises(message: JsonObject): boolean {
  return isPlain(message) || isEncrypted(message)
}

function isPlain({ sender_name, timestamp_ms }: JsonObject): boolean {
  return sender_name !== undefined && timestamp_ms !== undefined
}

function isEncrypted({ senderName, timestamp, media, isUnsent }: JsonObject): boolean {
  return (
    senderName !== undefined && timestamp !== undefined && (Array.isArray(media) || isUnsent !== undefined)
  )
}

function read(message: JsonObject, place: Place): SourcePost | SkippedItem {
  const plain = isPlain(message)
  const pointer = plain ? '/timestamp_ms' : '/timestamp'
  const postedAt = requireTime(numberOf(plain ? message.timestamp_ms : message.timestamp), pointer)
  if (message.is_unsent === true || message.isUnsent === true) return { skip: 'an unsent message' }
  const media = collectMedia(exportFiles(message, '', place))
  const text = exportText(plain ? message.content : message.text)
  if (media.length === 0 && text === undefined) return { skip: 'a message without text or media' }
  const displayName = exportText(plain ? message.sender_name : message.senderName)
  return {
    urn: nameOfPost(`${platformOf(place)}:message`, postedAt, media, text, chatOf(place)),
    platform: platformOf(place),
    postedAt,
    author: displayName === undefined ? undefined : { displayName },
    text,
    postType: 'message',
    media,
  }
}

/** Exports of Instagram have messages in the same form. */
function platformOf({ path, facts }: Place): string {
  const isInstagram = path.includes('your_instagram_activity/') || '**/personal_information.json' in facts
  return isInstagram ? 'instagram' : 'facebook'
}

/** Returns the chat's own name for itself, `ada_4561`, or its title without the number of its file. */
function chatOf({ path, kept }: Place): string {
  const thread = textOf(kept['/thread_path'])
  if (thread !== undefined) return thread.slice(thread.lastIndexOf('/') + 1)
  const [, folder] = /([^/]+)\/message_\d+\.json$/.exec(path) ?? []
  if (folder !== undefined) return folder
  const title = exportText(kept['/threadName']) ?? exportText(kept['/title'])
  return title?.replace(/_\d{1,3}$/, '') ?? path
}
