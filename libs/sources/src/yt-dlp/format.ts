import type { Author, JsonObject, Place, SkippedItem, SourceFormat, SourcePost } from '@mediakeep/plugin-api'
import { collectMedia, integerOf, textOf, uniqueTexts, listOf, urlOf } from '../fields.ts'
import { fieldsOf, firstText } from '../objects.ts'
import { hashtagsIn } from '../text-tags.ts'
import { readIdentity } from './identity.ts'
import { mediaOf } from './media.ts'

const COUNTS = [
  'view_count',
  'like_count',
  'dislike_count',
  'repost_count',
  'comment_count',
  'average_rating',
]

/** `*.info.json` of yt-dlp (and youtube-dl) beside its video, thumbnail and subtitles. */
export const sourceFormat: SourceFormat = {
  name: 'yt-dlp',
  platform: 'youtube',
  title: 'yt-dlp: .info.json beside its video (--write-info-json), from any site',
  files: [{ path: '**/*.info.json' }],
  recognises,
  read,
}

function recognises({ id, extractor, extractor_key, webpage_url }: JsonObject): boolean {
  return (
    id !== undefined &&
    [extractor, extractor_key].some((name) => typeof name === 'string') &&
    typeof webpage_url === 'string'
  )
}

/** @throws InvalidPostError */
function read(info: JsonObject, place: Place): SourcePost | SkippedItem {
  const type = textOf(info._type) ?? 'video'
  // The description of a whole channel or playlist; its videos have their own files.
  if (type !== 'video') return { skip: `not a video: ${type}` }
  const [title, description] = [textOf(info.title), textOf(info.description)]
  const text = description?.startsWith(title ?? '')
    ? description
    : uniqueTexts([title, description]).join('\n\n') || undefined
  return {
    ...readIdentity(info),
    author: readAuthor(info),
    text,
    language: textOf(info.language),
    hashtags: uniqueTexts([...listOf(info.tags), ...hashtagsIn(description)]),
    postType: textOf(info.media_type) ?? 'video',
    url: urlOf(info.webpage_url),
    totalReactions: integerOf(info.like_count),
    stats: fieldsOf(info, COUNTS),
    media: collectMedia(mediaOf(info, place)),
  }
}

function readAuthor(info: JsonObject): Author | undefined {
  const username = textOf(info.uploader_id)?.replace(/^@/, '')
  const displayName = firstText(info.uploader, info.channel, info.creator)
  const id = textOf(info.channel_id)
  const profileUrl = urlOf(info.uploader_url) ?? urlOf(info.channel_url)
  if (username === undefined && displayName === undefined && id === undefined) return undefined
  return { username, displayName, id, profileUrl }
}
