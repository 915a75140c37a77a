import type { Author, JsonObject, PostLink, SourceFormat, SourcePost } from '@mediakeep/plugin-api'
import {
  collectMedia,
  digitsOf,
  integerOf,
  isObject,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  secondsOf,
  textOf,
  uniqueTexts,
  urlOf,
  type References,
} from '../fields.ts'
import { fieldsOf } from '../objects.ts'
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

const COUNTS = ['likeCount', 'retweetCount', 'replyCount', 'quoteCount', 'bookmarkedCount', 'viewCount']

/** Posts as twscrape (and snscrape before it) prints them, one a line. */
export const sourceFormat: SourceFormat = {
  name: 'x-twscrape',
  platform: 'x',
  title: 'twscrape or snscrape output (NDJSON)',
  files: [{}],
  recognises: ({ rawContent, user, id, id_str: text }) =>
    typeof rawContent === 'string' &&
    isObject(user) &&
    typeof user.username === 'string' &&
    digitsOf(text ?? id) !== undefined,
  read,
}

function read(post: JsonObject): SourcePost {
  // A whole number beyond 2^53 has lost digits by now; the URL still has them.
  const id = requireTweetId([post.id_str, idInUrl(post), post.id], '/id_str')
  const idTime = tweetTime(id)
  const author = authorOf(post)
  const retweeted = isObject(post.retweetedTweet) ? post.retweetedTweet : undefined
  return {
    urn: `x:${id}`,
    postedAt: requireTime(isoTime(post.date) ?? idTime, '/date'),
    idTime,
    author,
    text: textOf(objectOf(retweeted).rawContent) ?? textOf(post.rawContent),
    language: tweetLanguage(post.lang),
    hashtags: uniqueTexts(listOf(post.hashtags)),
    mentions: namesIn(post.mentionedUsers, 'username'),
    links: linksOf(post),
    postType: retweeted ? 'repost' : undefined,
    url: tweetUrl(id, author.username),
    totalReactions: integerOf(post.likeCount),
    stats: fieldsOf(post, COUNTS),
    media: collectMedia(mediaIn(post)),
  }
}

function idInUrl({ url }: JsonObject): string | undefined {
  return /\/status\/(\d+)$/.exec(textOf(url) ?? '')?.[1]
}

function authorOf({ user }: JsonObject): Author {
  const { username, displayname, id_str, id } = objectOf(user)
  const name = textOf(username)
  return {
    username: name,
    displayName: textOf(displayname),
    id: digitsOf(id_str) ?? digitsOf(id),
    profileUrl: profileUrl(name),
  }
}

function linksOf(post: JsonObject): PostLink[] {
  const inner = (kind: 'reshare' | 'quote', tweet: JsonObject): PostLink[] =>
    tweetLink(kind, tweet.id_str ?? idInUrl(tweet), authorOf(tweet).username)
  return [
    ...tweetLink(
      'reply',
      post.inReplyToTweetIdStr ?? post.inReplyToTweetId,
      objectOf(post.inReplyToUser).username,
    ),
    ...inner('reshare', objectOf(post.retweetedTweet)),
    ...inner('quote', objectOf(post.quotedTweet)),
  ]
}

function* mediaIn(post: JsonObject): References {
  // A repost repeats its original's media, so only the original's are read.
  if (isObject(post.retweetedTweet)) {
    yield* asReshared(shownMedia(post.retweetedTweet, '/retweetedTweet'))
    yield* quotedMedia(post.retweetedTweet, '/retweetedTweet')
  } else {
    yield* shownMedia(post, '')
    yield* quotedMedia(post, '')
  }
  yield* avatar(objectOf(post.user).profileImageUrl, '/user/profileImageUrl')
}

function* quotedMedia({ quotedTweet }: JsonObject, pointer: string): References {
  if (isObject(quotedTweet)) yield* asReshared(shownMedia(quotedTweet, `${pointer}/quotedTweet`))
}

function* shownMedia(post: JsonObject, postPointer: string): References {
  const media = objectOf(post.media)
  const at = `${postPointer}/media`
  for (const [{ url }, index] of objectsOf(media.photos)) {
    const picture = urlOf(url)
    const pointer = `${at}/photos/${index}/url`
    if (picture !== undefined)
      yield { ...pictureUrls(picture), ...contentImage, key: keyOf(picture), pointer }
  }
  for (const [video, index] of objectsOf(media.videos)) yield* videoMedia(video, `${at}/videos/${index}`)
  for (const [video, index] of objectsOf(media.animated)) yield* loopMedia(video, `${at}/animated/${index}`)
  const url = urlOf(objectOf(objectOf(post.card).photo).url)
  const pointer = `${postPointer}/card/photo/url`
  if (url !== undefined) yield { url, role: 'article', mediaType: 'image', pointer }
}

function* videoMedia(video: JsonObject, at: string): References {
  const still = urlOf(video.thumbnailUrl)
  // twscrape writes milliseconds, snscrape seconds with a fraction.
  const duration = numberOf(video.duration) ?? 0
  const durationMs = Number.isInteger(duration) && duration > 1000 ? integerOf(duration) : secondsOf(duration)
  const found = videoReference(video.variants, `${at}/variants`, 'content', { durationMs, key: keyOf(still) })
  if (found) yield found
  if (still !== undefined) yield stillOf(still, `${at}/thumbnailUrl`)
}

function* loopMedia(video: JsonObject, at: string): References {
  const [url, still] = [urlOf(video.videoUrl), urlOf(video.thumbnailUrl)]
  const pointer = `${at}/videoUrl`
  if (url !== undefined) yield { url, key: keyOf(still ?? url), role: 'content', mediaType: 'video', pointer }
  if (still !== undefined) yield stillOf(still, `${at}/thumbnailUrl`)
}
