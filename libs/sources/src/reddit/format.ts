import {
  InvalidPostError,
  type JsonObject,
  type PostLink,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, integerOf, isObject, numberOf, objectOf, objectsOf, textOf, urlOf } from '../fields.ts'
import { unescapeHtml } from '../html-text.ts'
import { fieldsOf } from '../objects.ts'
import { requireTime, unixTime } from '../times.ts'
import { mediaIn } from './media.ts'

const COUNTS = [
  'score',
  'ups',
  'downs',
  'upvote_ratio',
  'num_comments',
  'num_crossposts',
  'total_awards_received',
]

/** Posts and comments of Reddit: listings of its API, and dumps with one object a line. */
export const sourceFormat: SourceFormat = {
  name: 'reddit',
  platform: 'reddit',
  title: 'Reddit (API listings; NDJSON dumps such as Pushshift and Arctic Shift)',
  files: [{}, { posts: '/data/children' }, { posts: '/*/data/children' }],
  recognises: (item) => isThing(item) || isPost(item) || isComment(item),
  read,
}

/** Recognises a member of a listing: `{ "kind": "t3", "data": { … } }`. */
function isThing({ kind, data }: JsonObject): boolean {
  return typeof kind === 'string' && /^(?:t\d|more|modaction)$/.test(kind) && isObject(data)
}

function isPost({ id, subreddit, created_utc: created, title, permalink, url }: JsonObject): boolean {
  return (
    isId(id) &&
    typeof title === 'string' &&
    (typeof subreddit === 'string' || typeof permalink === 'string') &&
    numberOf(created) !== undefined &&
    (typeof url === 'string' || typeof permalink === 'string')
  )
}

function isComment({
  id,
  link_id: link,
  parent_id: parent,
  created_utc: created,
  body,
}: JsonObject): boolean {
  return (
    isId(id) &&
    typeof link === 'string' &&
    /^t3_/.test(link) &&
    parent !== undefined &&
    numberOf(created) !== undefined &&
    typeof body === 'string'
  )
}

function isId(id: JsonObject[string] | undefined): id is string {
  return typeof id === 'string' && /^[a-z0-9]{1,13}$/.test(id)
}

function read(item: JsonObject): SourcePost | SkippedItem {
  const inListing = isThing(item)
  const [post, pointer] = inListing ? [objectOf(item.data), '/data'] : [item, '']
  if (inListing && item.kind !== 't3' && item.kind !== 't1') return { skip: 'not a post' }
  const kind = (inListing ? item.kind === 't1' : isComment(post)) ? 't1' : 't3'
  if (!isId(post.id)) throw new InvalidPostError(`${pointer}/id`, 'the post has no id', 'no_urn')
  const media = collectMedia(mediaIn(post, pointer))
  const body = textOf(post.selftext) ?? textOf(post.body)
  const isRemoved =
    /^\[(?:removed|deleted)(?: by .*)?\]$/.test(body ?? '') || post.removed_by_category === 'deleted'
  // Dumps may still have the pictures of a removed post.
  if (isRemoved && media.length === 0) return { skip: 'removed post' }
  const permalink = textOf(post.permalink)
  return {
    urn: `reddit:${kind}_${post.id}`,
    postedAt: requireTime(unixTime(post.created_utc), `${pointer}/created_utc`),
    editedAt: typeof post.edited === 'number' ? unixTime(post.edited) : undefined,
    author: authorOf(post),
    text: textOf(
      [textOf(post.title), isRemoved ? undefined : body]
        .flatMap((part) => (part ? [unescapeHtml(part)] : []))
        .join('\n\n'),
    ),
    contentWarning:
      [
        ['over_18', 'nsfw'],
        ['spoiler', 'spoiler'],
      ]
        .flatMap(([key, word]) => (post[key!] === true ? [word!] : []))
        .join(', ') || undefined,
    links: linksOf(post),
    postType:
      kind === 't1' ? 'comment' : textOf(post.crosspost_parent) === undefined ? undefined : 'crosspost',
    url: permalink?.startsWith('/') ? `https://www.reddit.com${permalink}` : urlOf(permalink),
    totalReactions: integerOf(post.score),
    stats: fieldsOf(post, COUNTS),
    media,
  }
}

function authorOf(post: JsonObject): SourcePost['author'] {
  const username = textOf(post.author)
  if (username === undefined || username === '[deleted]') return {}
  return { username, id: textOf(post.author_fullname), profileUrl: `https://www.reddit.com/user/${username}` }
}

function linksOf(post: JsonObject): PostLink[] {
  const [parent] = objectsOf(post.crosspost_parent_list)[0] ?? []
  const original = textOf(post.crosspost_parent) ?? textOf(parent?.name)
  const reply = textOf(post.parent_id)
  return [
    ...(original === undefined ? [] : [{ kind: 'reshare', urn: `reddit:${original}` } as const]),
    ...(reply === undefined || !/^t[13]_/.test(reply)
      ? []
      : [{ kind: 'reply', urn: `reddit:${reply}` } as const]),
  ]
}
