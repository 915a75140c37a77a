import {
  InvalidPostError,
  type Author,
  type JsonObject,
  type MediaReference,
  type Place,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import {
  digitsOf,
  integerOf,
  objectOf,
  objectsOf,
  pixelsOf,
  secondsOf,
  textOf,
  uniqueTexts,
  urlOf,
  listOf,
} from '../fields.ts'
import { fileNameOf, mediaTypeOfPath } from '../file-types.ts'
import { fieldsOf, firstText, valueAt } from '../objects.ts'
import { hashtagsIn, mentionsIn } from '../text-tags.ts'
import { requireTime, unixTime, utcDate } from '../times.ts'
import { readSite } from './sites.ts'

const COUNTS = [
  'favorite_count',
  'retweet_count',
  'reply_count',
  'quote_count',
  'bookmark_count',
  'view_count',
  'likes',
  'score',
  'num_comments',
]

/**
 * The metadata that gallery-dl writes beside each file (`--write-metadata`), or as lines. Each item is one file; those
 * of one post have the same urn, and come together there.
 */
export const sourceFormat: SourceFormat = {
  name: 'gallery-dl',
  platform: 'gallery-dl',
  title: 'gallery-dl: .json beside each file (--write-metadata), from any site',
  files: [{ path: '**/*.json' }, { path: '**/*.jsonl' }],
  recognises,
  read,
}

function recognises({ category, subcategory, extension, filename }: JsonObject): boolean {
  return (
    [category, subcategory].every((name) => typeof name === 'string') &&
    (extension !== undefined || filename !== undefined)
  )
}

/** @throws InvalidPostError */
function read(item: JsonObject, place: Place): SourcePost {
  const site = readSite(item)
  if (site.id === undefined) throw new InvalidPostError('', `no id of a post of ${site.platform}`, 'no_urn')
  const text = uniqueTexts([
    item.title,
    firstText(item.content, item.description, item.text, item.caption, item.selftext),
  ])
  const joined = text.join('\n\n') || undefined
  return {
    urn: site.urn ?? `${site.platform}:${site.id}`,
    platform: site.platform,
    idTime: site.idTime,
    ...readTime(item, site.idTime),
    author: readAuthor(item),
    text: joined,
    language: textOf(item.lang),
    hashtags: Array.isArray(item.hashtags) ? uniqueTexts(item.hashtags) : tagsOf(item, joined),
    mentions: Array.isArray(item.mentions)
      ? uniqueTexts(objectsOf(item.mentions).map(([{ name }]) => name))
      : mentionsIn(joined),
    links: site.links,
    postType: textOf(item.subcategory),
    url: site.url ?? urlOf(item.post_url) ?? urlOf(item.webpage_url),
    totalReactions: integerOf(item.favorite_count ?? item.likes ?? item.score),
    stats: fieldsOf(item, COUNTS),
    media: mediaOf(item, place, site.mediaId),
  }
}

function tagsOf({ tags }: JsonObject, text: string | undefined): string[] {
  const own = listOf(tags).flatMap((tag) => textOf(tag)?.replace(/^#/, '') ?? [])
  return own.length > 0 ? uniqueTexts(own) : hashtagsIn(text)
}

/** Dates are in UTC: `2024-05-01 10:00:00`. A file may be younger or older than its post. */
function readTime(item: JsonObject, idTime: number | undefined): Pick<SourcePost, 'postedAt'> {
  for (const key of [
    'post_date',
    'date',
    'published',
    'created_at',
    'timestamp',
    'createTime',
    'created_utc',
  ] as const) {
    const time = utcDate(item[key]) ?? unixTime(item[key])
    if (time !== undefined) return { postedAt: requireTime(time, `/${key}`) }
  }
  return { postedAt: requireTime(idTime, '/date') }
}

/** Sites name their authors differently: `author` or `user` as an object or a text, `username`, `uploader`, `artist`. */
function readAuthor(item: JsonObject): Author | undefined {
  const who = [item.author, item.user, item.account, item.blog, item.owner].find(
    (value) => Object.keys(objectOf(value)).length > 0,
  )
  const username = firstText(
    ...['uniqueId', 'username', 'handle', 'acct', 'name'].map((key) => valueAt(who, key)),
    item.username,
    item.author,
    item.user,
    item.blog_name,
    item.uploader,
    item.artist,
  )
  const displayName = firstText(
    ...['nick', 'nickname', 'displayName', 'display_name', 'full_name'].map((key) => valueAt(who, key)),
    item.fullname,
  )
  const id = digitsOf(valueAt(who, 'id')) ?? firstText(valueAt(who, 'did'), item.owner_id)
  if (username === undefined && displayName === undefined) return undefined
  return { username: username?.replace(/^@/, ''), displayName, id, profileUrl: urlOf(valueAt(who, 'url')) }
}

function mediaOf(item: JsonObject, place: Place, mediaId: string | undefined): MediaReference[] {
  const name = fileOf(item, place)
  const file = place.beside(name).find((path) => fileNameOf(path) === name)
  const extension = textOf(item.extension)
  const mediaType = mediaTypeOfPath(name) ?? mediaTypeOfPath(`.${extension ?? ''}`)
  const isPage = extension === '' || mediaType === undefined
  const { url, pointer } = urlIn(item, mediaType)
  if (isPage && file === undefined && url === undefined) return []
  const found =
    file === undefined && url === undefined ? { missing: `the export does not have ${name}` } : { file, url }
  return [
    {
      ...found,
      key: mediaId ?? name,
      role: /avatar|background|banner/.test(textOf(item.subcategory) ?? '') ? 'avatar' : 'content',
      mediaType: mediaType ?? 'image',
      pointer,
      width: pixelsOf(item.width),
      height: pixelsOf(item.height),
      durationMs: secondsOf(item.duration),
      altText: firstText(
        valueAt(item, 'media', 'description'),
        item.alt_text,
        item.category === 'twitter' ? item.description : undefined,
      ),
    },
  ]
}

/** `a.jpg.json` is beside `a.jpg`. Other settings write `a.json`, and the extension is in the JSON. */
function fileOf(item: JsonObject, { path }: Place): string {
  const stem = fileNameOf(path).replace(/\.jsonl?$/, '')
  if (path.endsWith('.json') && mediaTypeOfPath(stem) !== undefined) return stem
  const extension = textOf(item.extension)
  const name = path.endsWith('.jsonl') ? (textOf(item.filename) ?? stem) : stem
  return extension === undefined ? name : `${name}.${extension}`
}

function urlIn(
  item: JsonObject,
  mediaType: string | undefined,
): { url: string | undefined; pointer: string } {
  const keys = [
    'file_url',
    ...(mediaType === 'video' ? ['video_url'] : ['display_url']),
    'media_url',
    'image_url',
    'url',
  ]
  for (const key of keys) {
    const url = urlOf(item[key])
    // `url` is often the page of the post.
    if (url !== undefined && (key !== 'url' || mediaTypeOfPath(url) !== undefined))
      return { url, pointer: `/${key}` }
  }
  const nested = urlOf(valueAt(item, 'media', 'url'))
  return { url: nested, pointer: nested === undefined ? '' : '/media/url' }
}
