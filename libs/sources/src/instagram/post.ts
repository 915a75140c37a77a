import type { Author, JsonObject, SourcePost } from '@mediakeep/plugin-api'
import { collectMedia, digitsOf, integerOf, textOf, urlOf, type References, type Value } from '../fields.ts'
import { fieldsOf, firstText, objectsIn, valueAt } from '../objects.ts'
import { hashtagsIn, mentionsIn } from '../text-tags.ts'
import { requireTime, unixTime } from '../times.ts'
import { graphMedia } from './graph-media.ts'
import { readMetaId } from './ids.ts'
import { webMedia } from './web-media.ts'

const COUNTS = [
  'like_count',
  'comment_count',
  'play_count',
  'view_count',
  'ig_play_count',
  'reshare_count',
] as const

/** Reads a post of Instagram's pages: `image_versions2` and `carousel_media`. @throws InvalidPostError */
export function readWebPost(post: JsonObject): SourcePost {
  const id = readMetaId(post, 'instagram')
  const user = post.user ?? post.owner
  const text = firstText(valueAt(post, 'caption', 'text'), post.caption)
  const stats = fieldsOf(post, COUNTS)
  return {
    ...id,
    postedAt: requireTime(
      unixTime(post.taken_at) ?? unixTime(post.device_timestamp) ?? id.idTime,
      '/taken_at',
    ),
    author: readAuthor(user),
    ...textFields(text),
    postType: textOf(post.product_type),
    totalReactions: positive(post.like_count),
    stats,
    media: collectMedia(withAvatar(webMedia(post), user, post.user === undefined ? '/owner' : '/user')),
  }
}

/** Reads a post of Instagram's older GraphQL API: `edge_…` and `display_url`. @throws InvalidPostError */
export function readGraphPost(post: JsonObject, pointer = ''): SourcePost {
  const id = readMetaId(post, 'instagram')
  const [caption] = objectsIn(valueAt(post, 'edge_media_to_caption', 'edges'), '')
  const text = firstText(valueAt(caption?.[0], 'node', 'text'), post.caption)
  const likes = valueAt(post, 'edge_media_preview_like', 'count') ?? valueAt(post, 'edge_liked_by', 'count')
  const comments =
    valueAt(post, 'edge_media_to_comment', 'count') ?? valueAt(post, 'edge_media_to_parent_comment', 'count')
  const counts = { likes: likes ?? null, comments: comments ?? null, views: post.video_view_count ?? null }
  return {
    ...id,
    postedAt: requireTime(
      unixTime(post.taken_at_timestamp) ?? unixTime(post.date) ?? id.idTime,
      `${pointer}/taken_at_timestamp`,
    ),
    author: readAuthor(post.owner),
    ...textFields(text),
    postType: textOf(post.product_type) ?? textOf(post.__typename),
    totalReactions: positive(likes),
    stats: fieldsOf(counts, Object.keys(counts)),
    media: collectMedia(withAvatar(graphMedia(post, pointer), post.owner, `${pointer}/owner`)),
  }
}

/** Reads the author in an object that has `username`, `full_name` and `pk` or `id`. */
export function readAuthor(user: Value, profile = 'https://www.instagram.com/'): Author | undefined {
  const username = textOf(valueAt(user, 'username'))
  const displayName = textOf(valueAt(user, 'full_name'))
  const id = digitsOf(valueAt(user, 'pk')) ?? digitsOf(valueAt(user, 'id'))
  if (username === undefined && displayName === undefined && id === undefined) return undefined
  return {
    username,
    displayName,
    id,
    profileUrl: username === undefined ? undefined : `${profile}${username}`,
  }
}

export function textFields(text: string | undefined): Pick<SourcePost, 'text' | 'hashtags' | 'mentions'> {
  return { text, hashtags: hashtagsIn(text), mentions: mentionsIn(text) }
}

/** Hidden counts are written as -1. */
export function positive(count: Value): number | undefined {
  const number = integerOf(count)
  return number !== undefined && number >= 0 ? number : undefined
}

export function* withAvatar(media: References, user: Value, pointer: string): References {
  yield* media
  const url = urlOf(valueAt(user, 'profile_pic_url'))
  if (url !== undefined)
    yield { url, role: 'avatar', mediaType: 'image', pointer: `${pointer}/profile_pic_url` }
}
