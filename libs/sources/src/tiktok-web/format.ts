import {
  InvalidPostError,
  type Author,
  type JsonObject,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
  type UnwrappedItem,
} from '@mediakeep/plugin-api'
import {
  collectMedia,
  digitsOf,
  integerOf,
  isObject,
  objectOf,
  objectsOf,
  textOf,
  uniqueTexts,
} from '../fields.ts'
import { fieldsOf, valueAt } from '../objects.ts'
import { hashtagsIn, mentionsIn } from '../text-tags.ts'
import { timeOfTikTokId } from '../tiktok/ids.ts'
import { requireTime, unixTime } from '../times.ts'
import { mediaOf } from './media.ts'

/** Answers of the API, and the data that is embedded in pages. */
const LISTS = [
  '/itemList',
  '/item_list',
  '/data/itemList',
  '/itemInfo/itemStruct',
  '/ItemModule/*',
  '/__DEFAULT_SCOPE__/webapp.video-detail/itemInfo/itemStruct',
  '/__DEFAULT_SCOPE__/webapp.updated-items',
]
const COUNTS = ['diggCount', 'shareCount', 'commentCount', 'playCount', 'collectCount', 'repostCount']

/** Posts as TikTok's own pages receive them (`itemStruct`), recorded by a scraper or a browser extension. */
export const sourceFormat: SourceFormat = {
  name: 'tiktok-web',
  platform: 'tiktok',
  title: "Posts recorded from TikTok's pages (itemStruct)",
  files: [{}, ...LISTS.map((posts) => ({ posts }))],
  unwrap,
  recognises,
  read,
}

/** A search wraps each post. */
function unwrap({ item, type }: JsonObject): UnwrappedItem | undefined {
  const isWrapped = type !== undefined && isObject(item) && recognises(item)
  return isWrapped ? { post: item, pointer: '/item', formats: [sourceFormat.name] } : undefined
}

function recognises(post: JsonObject): boolean {
  const { id, createTime, desc, video, imagePost, liveRoomInfo } = post
  if (digitsOf(id) === undefined || createTime === undefined) return false
  return typeof desc === 'string' && [video, imagePost, liveRoomInfo].some(isObject)
}

/** @throws InvalidPostError */
function read(post: JsonObject): SourcePost | SkippedItem {
  if (isObject(post.liveRoomInfo)) return { skip: 'a live stream' }
  const id = digitsOf(post.id)
  if (id === undefined) throw new InvalidPostError('/id', 'the post has no id', 'no_urn')
  const author = readAuthor(post)
  const idTime = timeOfTikTokId(id)
  const text = textOf(post.desc)
  const kind = isObject(post.imagePost) ? 'photo' : 'video'
  return {
    urn: `tiktok:${id}`,
    idTime,
    postedAt: requireTime(unixTime(post.createTime) ?? idTime, '/createTime'),
    author,
    text,
    ...readTags(post, text),
    language: textOf(post.textLanguage)?.replace(/^un$/, '') || undefined,
    contentWarning:
      uniqueTexts(objectsOf(post.warnInfo).map(([warning]) => warning.text)).join('\n') || undefined,
    links: readLinks(post),
    postType: kind,
    url: `https://www.tiktok.com/@${author?.username ?? ''}/${kind}/${id}`,
    totalReactions: integerOf(valueAt(post, 'stats', 'diggCount')),
    stats: fieldsOf(post.stats, COUNTS) ?? fieldsOf(post.statsV2, COUNTS),
    media: collectMedia(mediaOf(post)),
  }
}

/** Answers of the API have the author as an object; data that is embedded in a page has its name alone. */
function readAuthor(post: JsonObject): Author | undefined {
  const author = objectOf(post.author)
  const username = textOf(author.uniqueId) ?? textOf(post.author)
  if (username === undefined) return undefined
  const displayName = textOf(author.nickname) ?? textOf(post.nickname)
  const id = digitsOf(author.id) ?? digitsOf(post.authorId)
  return { username, displayName, id, profileUrl: `https://www.tiktok.com/@${username}` }
}

/** `textExtra` marks the tags in the text; without it, the text itself does. */
function readTags(post: JsonObject, text: string | undefined): Pick<SourcePost, 'hashtags' | 'mentions'> {
  const extra = objectsOf(post.textExtra).map(([mark]) => mark)
  const hashtags = uniqueTexts([
    ...extra.map(({ hashtagName }) => hashtagName),
    ...objectsOf(post.challenges).map(([{ title }]) => title),
  ])
  const mentions = uniqueTexts(extra.map(({ userUniqueId }) => userUniqueId))
  return {
    hashtags: hashtags.length > 0 ? hashtags : hashtagsIn(text),
    mentions: mentions.length > 0 ? mentions : mentionsIn(text),
  }
}

/** A duet shows another post beside the new one. */
function readLinks(post: JsonObject): SourcePost['links'] {
  const id = digitsOf(valueAt(post, 'duetInfo', 'duetFromId'))
  return id === undefined || id === '0' ? undefined : [{ kind: 'quote', urn: `tiktok:${id}` }]
}
