import {
  InvalidPostError,
  type JsonObject,
  type Place,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, textOf, uniqueTexts, type References } from '../fields.ts'
import { stemOf } from '../file-types.ts'
import { exportFiles, exportText } from '../meta/export-files.ts'
import { hashtagsIn, mentionsIn } from '../text-tags.ts'
import { objectsIn } from '../objects.ts'
import { requireTime, unixTime } from '../times.ts'
import { readAuthor } from './author.ts'
import { isOlder, olderFiles, readOlder } from './older.ts'

/** Files of an export, by the key that holds their posts. */
const FILES: readonly (readonly [path: string, posts: string | undefined])[] = [
  ['**/posts_*.json', undefined],
  ['**/stories.json', '/ig_stories'],
  ['**/reels.json', '/ig_reels_media'],
  ['**/igtv_videos.json', '/ig_igtv_media'],
  ['**/archived_posts.json', '/ig_archived_post_media'],
  ['**/recently_deleted_content.json', '/ig_recently_deleted_media'],
  ['**/other_content.json', '/ig_other_media'],
  ['**/profile_photos.json', '/ig_profile_picture'],
]
const POST_TYPES: Readonly<Record<string, string>> = {
  posts: 'post',
  stories: 'story',
  reels: 'reel',
  archived_posts: 'archived_post',
  recently_deleted: 'deleted_post',
  profile: 'profile_photo',
}
const POSTS_FILE = /(?:^|\/)(?:posts_\d+|stories|reels|igtv_videos|other_content)\.json$/
const MEDIA_PATH = /^(?:your_instagram_activity\/)?media\/(\w+)\//

/** The archive that Instagram itself hands out (Accounts Centre, "Download your information", JSON). */
export const sourceFormat: SourceFormat = {
  name: 'instagram-export',
  platform: 'instagram',
  title: "Instagram's own export (JSON, from Accounts Centre)",
  files: [...FILES.map(([path, posts]) => ({ path, posts })), ...olderFiles],
  facts: [{ path: '**/personal_information.json' }],
  recognises,
  read,
}

function recognises(post: JsonObject, { path }: Place): boolean {
  if (isOlder(post)) return true
  if ('attachments' in post || 'label_values' in post) return false
  const [first] = mediaOf(post)
  // A cross-posted picture may be named by its URL, and a post may have lost its media: the file's name decides.
  return first ? isMedia(first.item, path) : Array.isArray(post.media) && POSTS_FILE.test(path)
}

/** Returns the media of a post. A story or a profile photo is itself the only media. */
function mediaOf(post: JsonObject): { item: JsonObject; pointer: string }[] {
  if (post.uri !== undefined) return [{ item: post, pointer: '' }]
  return objectsIn(post.media, '/media').map(([item, pointer]) => ({ item, pointer }))
}

function isMedia({ uri, creation_timestamp }: JsonObject, path: string): boolean {
  if (typeof uri !== 'string' || creation_timestamp === undefined) return false
  return MEDIA_PATH.test(uri) || (uri.startsWith('https:') && POSTS_FILE.test(path))
}

function read(post: JsonObject, place: Place): SourcePost | SkippedItem {
  const author = readAuthor(place)
  if (isOlder(post)) return readOlder(post, place, author)
  const items = mediaOf(post)
  const [first] = items
  const uri = textOf(first?.item.uri)
  if (first === undefined) return { skip: 'a post without media' }
  if (uri === undefined)
    throw new InvalidPostError(`${first.pointer}/uri`, 'the media names no file', 'no_urn')
  const text = textIn(post, items)
  const folder = MEDIA_PATH.exec(uri)?.[1] ?? 'posts'
  return {
    urn: `instagram:export:${stemOf(uri)}`,
    ...readTime(post, first),
    author,
    text,
    hashtags: hashtagsIn(text),
    mentions: mentionsIn(text),
    postType: POST_TYPES[folder] ?? folder,
    media: collectMedia(filesOf(items, place)),
  }
}

function* filesOf(items: ReturnType<typeof mediaOf>, place: Place): References {
  for (const { item, pointer } of items) yield* exportFiles(item, pointer, place)
}

/** A post of several pictures has its own title; in a post of one, the picture has it. */
function textIn(post: JsonObject, items: ReturnType<typeof mediaOf>): string | undefined {
  const titles = uniqueTexts([post, ...items.map(({ item }) => item)].map(({ title }) => exportText(title)))
  return titles.length === 0 ? undefined : titles.join('\n\n')
}

function readTime(post: JsonObject, first: { item: JsonObject; pointer: string }): { postedAt: number } {
  const own = unixTime(post.creation_timestamp)
  if (own !== undefined) return { postedAt: requireTime(own, '/creation_timestamp') }
  return {
    postedAt: requireTime(unixTime(first.item.creation_timestamp), `${first.pointer}/creation_timestamp`),
  }
}
