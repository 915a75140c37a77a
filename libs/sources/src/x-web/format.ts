import type {
  Author,
  JsonObject,
  PostLink,
  SkippedItem,
  SourceFormat,
  SourcePost,
} from '@mediakeep/plugin-api'
import {
  collectMedia,
  integerOf,
  isObject,
  listOf,
  objectOf,
  objectsOf,
  textOf,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'
import { profileUrl, tweetLink } from '../x/identity.ts'
import { legacyPost } from '../x/legacy.ts'
import { asReshared } from '../reshared.ts'
import { avatar, entityMedia } from '../x/media.ts'
import { TIMELINES } from './timelines.ts'

/** A post as the web client receives it (GraphQL), alone or in a timeline; also a status of API v1.1. */
export const sourceFormat: SourceFormat = {
  name: 'x-web',
  platform: 'x',
  title: 'X web client (GraphQL timelines, browser extensions) and API v1.1',
  files: TIMELINES,
  recognises: (item) =>
    isObject(item.tweet_results) || isTimelineItem(item) || isResult(item) || isStatus(item),
  read,
}

function isTimelineItem({ itemType, __typename }: JsonObject): boolean {
  return [itemType, __typename].some((type) => typeof type === 'string' && type.startsWith('Timeline'))
}

/** Recognises the `result` of GraphQL. */
function isResult({ __typename, rest_id, legacy, tombstone, tweet }: JsonObject): boolean {
  if (typeof rest_id === 'string' && isObject(legacy))
    return typeof legacy.created_at === 'string' && 'id_str' in legacy
  return (
    typeof __typename === 'string' &&
    __typename.startsWith('Tweet') &&
    (isObject(tombstone) || isObject(tweet))
  )
}

/** Recognises a status of API v1.1. */
function isStatus({ id_str, created_at, user, text, full_text, entities }: JsonObject): boolean {
  return (
    typeof id_str === 'string' &&
    typeof created_at === 'string' &&
    isObject(user) &&
    isObject(entities) &&
    (typeof text === 'string' || typeof full_text === 'string')
  )
}

interface Tweet {
  /** The object with `rest_id`, `core` and `legacy`; for API v1.1 the status itself. */
  readonly result: JsonObject
  readonly legacy: JsonObject
  readonly pointer: string
  readonly legacyPointer: string
}

function read(item: JsonObject): SourcePost | SkippedItem {
  if (item.promotedMetadata !== undefined) return { skip: 'advertisement' }
  if (isTimelineItem(item) && !isObject(item.tweet_results)) return { skip: 'not a post' }
  const inTimeline = isObject(item.tweet_results)
  const outer = inTimeline ? objectOf(objectOf(item.tweet_results).result) : item
  const tweet = unwrapTweet(outer, inTimeline ? '/tweet_results/result' : '')
  if (!tweet) return { skip: 'unavailable post' }
  const author = authorOf(tweet)
  const post = legacyPost(tweet.legacy, tweet.legacyPointer, author, textOf(tweet.result.rest_id))
  const shown = [...shownIn(tweet)]
  const reshare = shown.find(({ kind }) => kind === 'reshare')
  const views = integerOf(objectOf(tweet.result.views).count)
  return {
    ...post,
    // The outer text of a repost is cut off; the original has all of it.
    text: reshare ? (fullText(reshare.tweet) ?? post.text) : (fullText(tweet) ?? post.text),
    links: reshare ? linkTo(reshare) : mergeLinks(post.links ?? [], shown.flatMap(linkTo)),
    postType: reshare ? 'repost' : undefined,
    stats: views === undefined ? post.stats : { ...post.stats, view_count: views },
    media: collectMedia(mediaIn(tweet, shown)),
  }
}

function unwrapTweet(outer: JsonObject, pointer: string): Tweet | undefined {
  // Posts with limited visibility are one level deeper.
  const isDeeper = isObject(outer.tweet)
  const result = isDeeper ? objectOf(outer.tweet) : outer
  const at = isDeeper ? `${pointer}/tweet` : pointer
  if (isObject(result.legacy))
    return { result, legacy: result.legacy, pointer: at, legacyPointer: `${at}/legacy` }
  return isStatus(result) ? { result, legacy: result, pointer: at, legacyPointer: at } : undefined
}

function userOf({ result }: Tweet): JsonObject {
  const user = objectOf(objectOf(objectOf(result.core).user_results).result)
  return {
    ...objectOf(result.user),
    ...objectOf(user.legacy),
    ...objectOf(user.core),
    rest_id: user.rest_id ?? null,
  }
}

function authorOf(tweet: Tweet): Author {
  const user = userOf(tweet)
  const username = textOf(user.screen_name)
  return {
    username,
    displayName: textOf(user.name),
    id: textOf(user.rest_id) ?? textOf(user.id_str) ?? textOf(tweet.legacy.user_id_str),
    profileUrl: profileUrl(username),
  }
}

/** The whole text of a long post is apart from its first 280 characters. */
function fullText({ result, legacy }: Tweet): string | undefined {
  const note = objectOf(objectOf(objectOf(result.note_tweet).note_tweet_results).result)
  return textOf(note.text) ?? textOf(legacy.full_text)
}

interface Shown {
  readonly kind: 'reshare' | 'quote'
  readonly tweet: Tweet
}

/** Returns the posts that a post shows within itself: the original of a repost, and a quoted post. */
function* shownIn({ result, legacy, pointer, legacyPointer }: Tweet): Generator<Shown, void, undefined> {
  const places: [kind: Shown['kind'], value: Value, pointer: string][] = [
    [
      'reshare',
      objectOf(legacy.retweeted_status_result).result,
      `${legacyPointer}/retweeted_status_result/result`,
    ],
    ['reshare', objectOf(result.retweeted_status_result).result, `${pointer}/retweeted_status_result/result`],
    ['reshare', legacy.retweeted_status, `${legacyPointer}/retweeted_status`],
    ['quote', objectOf(result.quoted_status_result).result, `${pointer}/quoted_status_result/result`],
    ['quote', legacy.quoted_status, `${legacyPointer}/quoted_status`],
  ]
  for (const [kind, value, at] of places) {
    const tweet = isObject(value) ? unwrapTweet(value, at) : undefined
    if (tweet) yield { kind, tweet }
  }
}

function linkTo({ kind, tweet }: Shown): PostLink[] {
  return tweetLink(kind, tweet.result.rest_id ?? tweet.legacy.id_str, authorOf(tweet).username)
}

/** The links of the inner posts first: they have a username in their URL. */
function mergeLinks(links: readonly PostLink[], shown: readonly PostLink[]): PostLink[] {
  const known = new Set(shown.map(({ urn }) => urn))
  return [...links.filter(({ urn }) => !known.has(urn)), ...shown]
}

function* mediaIn(tweet: Tweet, shown: readonly Shown[]): References {
  const reshare = shown.find(({ kind }) => kind === 'reshare')
  // A repost repeats the media of its original, which then quotes what the original quotes.
  if (reshare) yield* asReshared(mediaIn(reshare.tweet, quotesIn(reshare.tweet)))
  else {
    yield* ownMedia(tweet)
    for (const quote of shown) yield* asReshared(mediaIn(quote.tweet, []))
  }
  yield* avatarOf(tweet)
}

function quotesIn(tweet: Tweet): Shown[] {
  return [...shownIn(tweet)].filter(({ kind }) => kind === 'quote')
}

function* ownMedia({ result, legacy, pointer, legacyPointer }: Tweet): References {
  const extended = objectOf(legacy.extended_entities).media
  if (listOf(extended).length > 0) yield* entityMedia(extended, `${legacyPointer}/extended_entities/media`)
  else yield* entityMedia(objectOf(legacy.entities).media, `${legacyPointer}/entities/media`)
  yield* cardPicture(
    objectOf(objectOf(result.card).legacy).binding_values,
    `${pointer}/card/legacy/binding_values`,
  )
}

/** The picture of a link's preview, in the largest of its sizes. */
function* cardPicture(values: Value, pointer: string): References {
  const sizes = objectsOf(values).flatMap(([{ key, value }, index]) => {
    const image = objectOf(objectOf(value).image_value)
    const url = urlOf(image.url)
    const isCard = typeof key === 'string' && /^(?:thumbnail|summary_photo|photo|player)_image/.test(key)
    if (!isCard || url === undefined) return []
    const [width, height] = [integerOf(image.width), integerOf(image.height)]
    return [{ url, width, height, pointer: `${pointer}/${index}/value/image_value/url` }]
  })
  const [best] = sizes.sort((a, b) => (b.width ?? 0) - (a.width ?? 0))
  if (best) yield { ...best, role: 'article', mediaType: 'image' }
}

function* avatarOf({ result, pointer }: Tweet): References {
  const user = objectOf(objectOf(objectOf(result.core).user_results).result)
  const at = `${pointer}/core/user_results/result`
  yield* avatar(objectOf(user.avatar).image_url, `${at}/avatar/image_url`)
  yield* avatar(objectOf(user.legacy).profile_image_url_https, `${at}/legacy/profile_image_url_https`)
  yield* avatar(objectOf(result.user).profile_image_url_https, `${pointer}/user/profile_image_url_https`)
}
