import {
  InvalidPostError,
  type JsonObject,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, integerOf, isObject, objectOf, textOf, urlOf, type References } from '../fields.ts'
import { fieldsOf } from '../objects.ts'
import { isoTime, requireTime } from '../times.ts'
import { parseRecordUri, postLink, recordUri, type RecordUri } from '../bluesky/identity.ts'
import { embedMedia, quotedIn, quotedMedia } from '../bluesky/media.ts'
import { asReshared } from '../reshared.ts'
import { authorOf, readRecord } from '../bluesky/post.ts'

const COUNTS = ['likeCount', 'repostCount', 'replyCount', 'quoteCount', 'bookmarkCount']

/** Answers of the Bluesky API: feeds, timelines, lists of posts. */
export const sourceFormat: SourceFormat = {
  name: 'bluesky-feed',
  platform: 'bluesky',
  title: 'Bluesky API (getAuthorFeed, getTimeline, getPosts, searchPosts)',
  files: [{ posts: '/feed' }, { posts: '/posts' }, {}],
  recognises: (item) =>
    isPost(item) || isPost(objectOf(item.post)) || isUnavailable(item) || isUnavailable(objectOf(item.post)),
  read,
}

function isPost({ uri, record, author }: JsonObject): boolean {
  return isAtUri(uri) && isObject(record) && isObject(author)
}

function isUnavailable({ uri, notFound, blocked }: JsonObject): boolean {
  return isAtUri(uri) && (notFound === true || blocked === true)
}

function isAtUri(uri: JsonObject[string] | undefined): boolean {
  return typeof uri === 'string' && uri.startsWith('at://')
}

/** A post's view, with its place in the item. */
interface View {
  readonly post: JsonObject
  readonly uri: RecordUri
  readonly pointer: string
}

function read(item: JsonObject): SourcePost | SkippedItem {
  const inFeed = isObject(item.post)
  const [post, pointer] = inFeed ? [objectOf(item.post), '/post'] : [item, '']
  if (isUnavailable(post)) return { skip: 'unavailable post' }
  const named = parseRecordUri(post.uri)
  if (!named) throw new InvalidPostError(`${pointer}/uri`, 'not the URI of a post', 'no_urn')
  const view = { post, uri: named, pointer }
  const reason = objectOf(item.reason)
  return isObject(reason.by) ? readRepost(view, reason, reason.by) : readPost(view)
}

function readPost({ post, uri, pointer }: View): SourcePost {
  const author = authorOf(objectOf(post.author), uri.did)
  return {
    ...readRecord(objectOf(post.record), uri, author, `${pointer}/record`),
    totalReactions: integerOf(post.likeCount),
    stats: fieldsOf(post, COUNTS),
    media: collectMedia(mediaIn({ post, uri, pointer })),
  }
}

/** A repost is a post of its own, by the account that reposted. */
function readRepost(view: View, reason: JsonObject, by: JsonObject): SourcePost {
  const did = textOf(by.did)
  if (did === undefined) throw new InvalidPostError('/reason/by/did', 'the repost has no author', 'no_urn')
  const author = authorOf(by, did)
  const original = recordUri(view.uri)
  // The URI of the repost itself is in answers since 2025 only; account and original are in all.
  const identity = `bluesky:repost:${did}:${original}`
  const own = parseRecordUri(reason.uri)
  return {
    urn: own ? `bluesky:${recordUri(own)}` : identity,
    otherUrns: own ? [identity] : [],
    identity,
    postedAt: requireTime(isoTime(reason.indexedAt), '/reason/indexedAt'),
    author,
    text: textOf(objectOf(view.post.record).text),
    links: postLink('reshare', original),
    postType: 'repost',
    url: postLink('reshare', original)[0]?.url,
    media: collectMedia(repostedMedia(view, by)),
  }
}

function* repostedMedia(view: View, by: JsonObject): References {
  yield* asReshared(mediaIn(view))
  yield* avatar(by, '/reason/by')
}

function* mediaIn({ post, uri, pointer }: View): References {
  yield* embedMedia({
    did: uri.did,
    record: objectOf(post.record).embed,
    recordPointer: `${pointer}/record/embed`,
    view: post.embed,
    viewPointer: `${pointer}/embed`,
  })
  const quoted = quotedIn(post.embed, `${pointer}/embed`)
  if (quoted) yield* quotedMedia(quoted)
  yield* avatar(objectOf(post.author), `${pointer}/author`)
}

function* avatar(profile: JsonObject, pointer: string): References {
  const url = urlOf(profile.avatar)
  if (url !== undefined) yield { url, role: 'avatar', mediaType: 'image', pointer: `${pointer}/avatar` }
}
