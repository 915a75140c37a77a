import type {
  Author,
  JsonObject,
  MediaReference,
  Place,
  PostLink,
  SourceFormat,
  SourcePost,
} from '@mediakeep/plugin-api'
import {
  collectMedia,
  digitsOf,
  integerOf,
  isObject,
  listOf,
  objectOf,
  objectsOf,
  pixelsOf,
  textOf,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'
import { isoTime, requireTime } from '../times.ts'
import {
  namesIn,
  profileUrl,
  requireTweetId,
  tweetLanguage,
  tweetLink,
  tweetTime,
  tweetUrl,
} from '../x/identity.ts'
import { asReshared } from '../reshared.ts'
import { avatar, contentImage, keyOf, pictureUrls, stillOf, videoReference } from '../x/media.ts'

const INCLUDES = '/includes'
/** Fields that a post of API v2 has and posts of other formats with `id` and `text` do not. */
const MARKS = [
  'edit_history_tweet_ids',
  'author_id',
  'conversation_id',
  'public_metrics',
  'referenced_tweets',
]

/** Answers of the X API v2: posts under `data`, their media, authors and quoted posts under `includes`. */
export const sourceFormat: SourceFormat = {
  name: 'x-api',
  platform: 'x',
  title: 'X API v2 (pages of JSON, NDJSON streams, flattened twarc output)',
  files: [{ posts: '/data', keep: [INCLUDES] }, {}],
  recognises: (item) => isPost(item) || isPost(objectOf(item.data)),
  read,
}

function isPost(post: JsonObject): boolean {
  const isMarked = MARKS.some((key) => post[key] !== undefined)
  return (
    isMarked &&
    typeof post.id === 'string' &&
    digitsOf(post.id) !== undefined &&
    typeof post.text === 'string'
  )
}

/** A post with what its page or its line of a stream includes. */
interface Item {
  readonly post: JsonObject
  readonly includes: JsonObject
  readonly user: JsonObject
  readonly pointer: string
}

function read(item: JsonObject, place: Place): SourcePost {
  // Each line of a stream has its own includes; on a page they are beside all posts.
  const isLine = isObject(item.data)
  const [post, includes] = isLine
    ? [objectOf(item.data), objectOf(item.includes)]
    : [item, objectOf(place.kept[INCLUDES])]
  const user = userOf(post, includes)
  return readPost({ post, includes, user, pointer: isLine ? '/data' : '' })
}

function readPost(item: Item): SourcePost {
  const { post, user, pointer } = item
  const id = requireTweetId([post.id], `${pointer}/id`)
  const idTime = tweetTime(id)
  const author = authorOf(user, post.author_id)
  const entities = objectOf(post.entities)
  const metrics = objectOf(post.public_metrics)
  const links = linksOf(post)
  return {
    urn: `x:${id}`,
    postedAt: requireTime(isoTime(post.created_at) ?? idTime, `${pointer}/created_at`),
    idTime,
    author,
    text: textOf(objectOf(post.note_tweet).text) ?? textOf(post.text),
    language: tweetLanguage(post.lang),
    hashtags: namesIn(entities.hashtags, 'tag'),
    mentions: namesIn(entities.mentions, 'username'),
    links,
    postType: links.some(({ kind }) => kind === 'reshare') ? 'repost' : undefined,
    url: tweetUrl(id, author.username),
    totalReactions: integerOf(metrics.like_count),
    stats: isObject(post.public_metrics) ? metrics : undefined,
    media: collectMedia(mediaIn(item)),
  }
}

function userOf(post: JsonObject, includes: JsonObject): JsonObject {
  if (isObject(post.author)) return post.author
  return byKey(includes.users, 'id', post.author_id) ?? {}
}

function authorOf(user: JsonObject, id: Value): Author {
  const username = textOf(user.username)
  return {
    username,
    displayName: textOf(user.name),
    id: textOf(id) ?? textOf(user.id),
    profileUrl: profileUrl(username),
  }
}

const LINK_KINDS = { replied_to: 'reply', quoted: 'quote', retweeted: 'reshare' } as const

function linksOf(post: JsonObject): PostLink[] {
  return objectsOf(post.referenced_tweets).flatMap(([{ type, id }]) => {
    const kind = Object.entries(LINK_KINDS).find(([name]) => name === type)?.[1]
    return kind ? tweetLink(kind, id) : []
  })
}

/** The media of the post, then those of the posts that it shows: quoted or repeated, but not replied to. */
function* mediaIn({ post, includes, user, pointer }: Item): References {
  yield* attachedMedia(post, includes, pointer)
  for (const [{ type, id }, index] of objectsOf(post.referenced_tweets)) {
    const shown = type === 'quoted' || type === 'retweeted' ? byKey(includes.tweets, 'id', id) : undefined
    // The shown post is beside this one, not within it, so the pointer leads to the place that names it.
    const at = { pointer: `${pointer}/referenced_tweets/${index}` }
    if (shown) for (const media of asReshared(attachedMedia(shown, includes, ''))) yield { ...media, ...at }
  }
  const inPost = isObject(post.author)
  yield* avatar(user.profile_image_url, `${pointer}/${inPost ? 'author/profile_image_url' : 'author_id'}`)
}

function* attachedMedia(post: JsonObject, includes: JsonObject, pointer: string): References {
  const attachments = objectOf(post.attachments)
  // twarc puts the media themselves in place of their keys.
  const inline = objectsOf(attachments.media)
  for (const [media, index] of inline) yield* mediaOf(media, `${pointer}/attachments/media/${index}`)
  if (inline.length > 0) return
  for (const [index, key] of listOf(attachments.media_keys).entries()) {
    const media = byKey(includes.media, 'media_key', key)
    const at = { pointer: `${pointer}/attachments/media_keys/${index}` }
    if (media) for (const reference of mediaOf(media, '')) yield { ...reference, ...at }
    else if (textOf(key) !== undefined) yield unresolved(textOf(key)!, at.pointer)
  }
}

/** The API leaves out media that it no longer has, and a page that was requested without expansions has none. */
function unresolved(key: string, pointer: string): MediaReference {
  const missing = `the page does not include the media ${key}`
  return {
    missing,
    key: mediaIdIn(key),
    role: 'content',
    mediaType: key.startsWith('3_') ? 'image' : 'video',
    pointer,
  }
}

function* mediaOf(media: JsonObject, pointer: string): References {
  const [url, still] = [urlOf(media.url), urlOf(media.preview_image_url)]
  const key = keyOf(url ?? still) ?? mediaIdIn(textOf(media.media_key) ?? '')
  const shape = {
    key,
    width: pixelsOf(media.width),
    height: pixelsOf(media.height),
    altText: textOf(media.alt_text),
  }
  if (media.type === 'photo') {
    if (url !== undefined) yield { ...pictureUrls(url), ...contentImage, pointer: `${pointer}/url`, ...shape }
    return
  }
  const rest = { ...shape, durationMs: integerOf(media.duration_ms) }
  const video = videoReference(media.variants, `${pointer}/variants`, 'content', rest)
  if (video) yield video
  if (still !== undefined) yield stillOf(still, `${pointer}/preview_image_url`)
}

/** A media key is the kind and the id: `3_1654…`. */
function mediaIdIn(mediaKey: string): string | undefined {
  return textOf(mediaKey.replace(/^\d+_/, ''))
}

function byKey(list: Value, key: string, wanted: Value): JsonObject | undefined {
  if (typeof wanted !== 'string') return undefined
  return objectsOf(list).find(([candidate]) => candidate[key] === wanted)?.[0]
}
