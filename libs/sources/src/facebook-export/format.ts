import {
  type JsonObject,
  type Place,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, digitsOf, isObject, objectsOf, uniqueTexts } from '../fields.ts'
import { exportFiles, exportText } from '../meta/export-files.ts'
import { nameOfPost } from '../meta/post-name.ts'
import { objectsIn, valueAt } from '../objects.ts'
import { hashtagsIn } from '../text-tags.ts'
import { requireTime, unixTime } from '../times.ts'
import { readAuthor } from './author.ts'

/** Files of an export, the key that holds their posts, and the type of these. */
const FILES: readonly (readonly [path: string, posts: string | undefined])[] = [
  ['**/your_posts*.json', undefined],
  ['**/your_posts*.json', '/status_updates'],
  ['**/profile_posts_*.json', undefined],
  ['**/your_videos.json', '/videos_v2'],
  ['**/your_videos.json', '/videos'],
  ['**/your_uncategorized_photos.json', '/other_photos_v2'],
  ['**/your_uncategorized_photos.json', '/other_photos'],
  ['**/album/*.json', '/photos'],
  ['**/archived_stories.json', '/archived_stories_v2'],
  ['**/*posts_in_groups.json', '/group_posts_v2'],
  ['**/comments.json', '/comments_v2'],
  ['**/*comments_in_groups.json', '/group_comments_v2'],
]

/** The archive that Facebook itself hands out (Accounts Centre, "Download your information", JSON). */
export const sourceFormat: SourceFormat = {
  name: 'facebook-export',
  platform: 'facebook',
  title: "Facebook's own export (JSON, from Accounts Centre)",
  files: FILES.map(([path, posts]) => ({ path, posts })),
  facts: [{ path: '**/profile_information.json' }],
  recognises,
  read,
}

const POSTS_FILE = /(?:your_posts|profile_posts|posts_in_groups)[^/]*\.json$/

/** A photo or video of an album, beside the posts. */
function isFile({ uri, creation_timestamp }: JsonObject): boolean {
  return (
    typeof uri === 'string' &&
    creation_timestamp !== undefined &&
    !/^(?:your_instagram_activity\/)?media\//.test(uri)
  )
}

function recognises(post: JsonObject, { path }: Place): boolean {
  if (isFile(post)) return true
  if (post.timestamp === undefined || post.sender_name !== undefined) return false
  // A post may have nothing but a title, which says what was done.
  return (
    ['attachments', 'data', 'label_values'].some((key) => Array.isArray(post[key])) || POSTS_FILE.test(path)
  )
}

function read(post: JsonObject, place: Place): SourcePost | SkippedItem {
  const media = collectMedia(exportFiles(mediaOf(post), '', place))
  const text = textIn(post)
  if (media.length === 0 && text === undefined) return { skip: 'a post without text or media' }
  const pointer = isFile(post) ? '/creation_timestamp' : '/timestamp'
  const postedAt = requireTime(unixTime(isFile(post) ? post.creation_timestamp : post.timestamp), pointer)
  const id = digitsOf(post.fbid)
  return {
    urn: id === undefined ? nameOfPost('facebook:export', postedAt, media, text) : `facebook:${id}`,
    postedAt,
    author: readAuthor(place),
    text,
    hashtags: hashtagsIn(text),
    postType: typeOf(post),
    url: urlIn(post),
    media,
  }
}

/** Only these hold media of the post. */
function mediaOf(post: JsonObject): JsonObject {
  if (isFile(post)) return post
  return Object.fromEntries(
    ['attachments', 'media', 'data'].flatMap((key) => (post[key] === undefined ? [] : [[key, post[key]]])),
  )
}

function typeOf(post: JsonObject): string {
  if (isFile(post)) return valueAt(post, 'media_metadata', 'video_metadata') === undefined ? 'photo' : 'video'
  return objectsOf(post.data).some(([{ comment }]) => isObject(comment)) ? 'comment' : 'post'
}

/** The post's own text; without one, the description of its pictures; its title only says what was done. */
function textIn(post: JsonObject): string | undefined {
  const own = objectsOf(post.data).flatMap(([data]) => [data.post, valueAt(data, 'comment', 'comment')])
  const attached = objectsOf(post.attachments).flatMap(([{ data }]) => objectsOf(data).map(([item]) => item))
  const described = [post, ...attached.map(({ media }) => media)].map((item) => valueAt(item, 'description'))
  const shared = attached.flatMap(({ external_context: link, place }) => [
    valueAt(link, 'name'),
    valueAt(link, 'url'),
    valueAt(place, 'name'),
  ])
  for (const texts of [own, attached.map(({ text }) => text), described, shared]) {
    const found = uniqueTexts(texts.map(exportText))
    if (found.length > 0) return found.join('\n\n')
  }
  return undefined
}

/** Later archives write some fields as labels; the label of a URL is the same in every language. */
function urlIn(post: JsonObject): string | undefined {
  const values = objectsIn(post.label_values, '').map(([{ label, href, value }]) =>
    label === 'URL' ? (href ?? value) : undefined,
  )
  return uniqueTexts(values).find((url) => url.startsWith('https://www.facebook.com/'))
}
