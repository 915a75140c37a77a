import {
  InvalidPostError,
  type FileRule,
  type JsonObject,
  type Place,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, escapePointer, integerOf, urlOf, type References } from '../fields.ts'
import { mediaTypeOfPath } from '../file-types.ts'
import { firstText, valueAt } from '../objects.ts'
import { hashtagsIn, mentionsIn } from '../text-tags.ts'
import { idInTikTokLink, timeOfTikTokId } from '../tiktok/ids.ts'
import { requireTime, utcDate } from '../times.ts'

/** Names of the lists and of the profile have changed from version to version of the export. */
const LISTS = [
  '/Post/Posts/VideoList',
  '/Posts/Posts/VideoList',
  '/Video/Videos/VideoList',
  '/Videos/VideoList',
  '/VideoList',
]
const PROFILES = [
  '/Profile/Profile Information',
  '/Profile/Profile Info',
  '/Profile And Settings/Profile Info',
]
const DELETED = ['/Post/Recently Deleted Posts/PostList']
const TEXT_FILES = ['**/Posts.txt', '**/Videos.txt']

const JSON_FILES: readonly FileRule[] = [...LISTS, ...DELETED].map((posts) => ({ posts, keep: PROFILES }))

/** The archive that TikTok itself hands out, as JSON or as text. */
export const sourceFormat: SourceFormat = {
  name: 'tiktok-export',
  platform: 'tiktok',
  title: "TikTok's own export (user_data_tiktok.json, or text)",
  files: [
    ...JSON_FILES,
    ...TEXT_FILES.map((path): FileRule => ({
      path,
      encoding: 'text',
      startsItem: (line) => /^Date:/.test(line),
    })),
  ],
  recognises,
  read,
}

function recognises(post: JsonObject): boolean {
  const fields = fieldsIn(post)
  const isOwn = [...fields.keys()].some((name) =>
    ['likes', 'likecount', 'title', 'sound', 'whocanview'].includes(name),
  )
  return fields.has('date') && (fields.has('link') || fields.has('videolink')) && isOwn
}

/** Returns the fields by their names in lower case, without spaces. */
function fieldsIn(post: JsonObject): Map<string, string> {
  const entries =
    typeof post.text === 'string' && post.line !== undefined
      ? post.text.split('\n').flatMap((line) => {
          const [, name, value] = /^([A-Za-z ()]{2,40}):\s?(.*)$/s.exec(line) ?? []
          return name === undefined ? [] : [[name, value ?? ''] as const]
        })
      : Object.entries(post)
  const texts = entries.flatMap(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' ? [[nameOf(name), text] as const] : []
  })
  return new Map(texts)
}

function nameOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '')
}

/** @throws InvalidPostError */
function read(post: JsonObject, { kept }: Place): SourcePost | SkippedItem {
  const fields = fieldsIn(post)
  const link = fields.get('link') ?? fields.get('videolink')
  const links = link?.match(/https?:\/\/[^\s"]+/g) ?? []
  const id = links.map(idInTikTokLink).find((found) => found !== undefined)
  const idTime = id === undefined ? undefined : timeOfTikTokId(id)
  const datePointer = pointerOf(post, 'date')
  const postedAt = requireTime(utcDate(fields.get('date')) ?? idTime, datePointer)
  const username = usernameOf(kept)
  if (id === undefined && links.length === 0)
    throw new InvalidPostError(pointerOf(post, 'link'), 'the post has no link', 'no_urn')
  const text = firstText(fields.get('title'), fields.get('description'))?.replace(/^N\/A$/, '') || undefined
  return {
    urn: id === undefined ? `tiktok:export:${username ?? 'me'}:${postedAt}` : `tiktok:${id}`,
    idTime,
    postedAt,
    author:
      username === undefined ? undefined : { username, profileUrl: `https://www.tiktok.com/@${username}` },
    text,
    hashtags: hashtagsIn(text),
    mentions: mentionsIn(text),
    postType: links.length > 1 ? 'photo' : 'video',
    url: links.find((found) => idInTikTokLink(found) !== undefined),
    totalReactions: integerOf(fields.get('likes') ?? fields.get('likecount')),
    media: collectMedia(mediaOf(post, links, fields)),
  }
}

/** Links to pages show no media; the others are the files themselves, for a few days. */
function* mediaOf(
  post: JsonObject,
  links: readonly string[],
  fields: ReadonlyMap<string, string>,
): References {
  const altText = firstText(fields.get('alternatetext'))
  const pointer = pointerOf(post, fields.has('link') ? 'link' : 'videolink')
  const files = links.filter((link) => !/^https?:\/\/(?:[\w-]+\.)?tiktokv?\.com\//i.test(link))
  for (const [index, url] of files.entries()) {
    const mediaType = mediaTypeOfPath(url) ?? (files.length > 1 ? 'image' : 'video')
    yield {
      url,
      key: mediaType === 'image' ? `image:${index}` : mediaType,
      role: 'content',
      mediaType,
      pointer,
      altText,
    }
  }
  const cover = urlOf(fields.get('coverimage'))
  if (cover !== undefined)
    yield {
      url: cover,
      key: 'cover',
      role: 'thumbnail',
      mediaType: 'image',
      pointer: pointerOf(post, 'coverimage'),
    }
}

function pointerOf(post: JsonObject, name: string): string {
  const key = Object.keys(post).find((field) => nameOf(field) === name)
  return key === undefined ? '/text' : `/${escapePointer(key)}`
}

function usernameOf(kept: Place['kept']): string | undefined {
  return firstText(...PROFILES.map((pointer) => valueAt(kept[pointer], 'ProfileMap', 'userName')))
}
