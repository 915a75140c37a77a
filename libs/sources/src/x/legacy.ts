import type { Author, JsonObject, PostLink, SourcePost } from '@mediakeep/plugin-api'
import { integerOf, objectOf, textOf } from '../fields.ts'
import { fieldsOf } from '../objects.ts'
import { requireTime } from '../times.ts'
import {
  legacyTime,
  namesIn,
  quotedByUrl,
  requireTweetId,
  tweetLanguage,
  tweetLink,
  tweetTime,
  tweetUrl,
} from './identity.ts'

const COUNTS = ['favorite_count', 'retweet_count', 'reply_count', 'quote_count', 'bookmark_count']

/**
 * Reads everything but the media of a post as the archive, API v1.1 and GraphQL write it.
 *
 * @throws InvalidPostError if it has no id or no time
 */
export function legacyPost(
  tweet: JsonObject,
  pointer: string,
  author: Author,
  id?: string,
): Omit<SourcePost, 'media'> {
  const tweetId = requireTweetId([id, tweet.id_str, tweet.id], `${pointer}/id_str`)
  const idTime = tweetTime(tweetId)
  const entities = objectOf(tweet.entities)
  return {
    urn: `x:${tweetId}`,
    postedAt: requireTime(legacyTime(tweet.created_at) ?? idTime, `${pointer}/created_at`),
    idTime,
    author,
    text: textOf(tweet.full_text) ?? textOf(tweet.text),
    language: tweetLanguage(tweet.lang),
    hashtags: namesIn(entities.hashtags, 'text'),
    mentions: namesIn(entities.user_mentions, 'screen_name'),
    links: linksOf(tweet),
    url: tweetUrl(tweetId, author.username),
    totalReactions: integerOf(tweet.favorite_count),
    stats: fieldsOf(tweet, COUNTS),
  }
}

function linksOf(tweet: JsonObject): PostLink[] {
  const quoted = tweetLink('quote', tweet.quoted_status_id_str)
  return [
    ...tweetLink('reply', tweet.in_reply_to_status_id_str, tweet.in_reply_to_screen_name),
    ...(quoted.length > 0 ? quoted : quotedByUrl(objectOf(tweet.entities).urls)),
  ]
}
