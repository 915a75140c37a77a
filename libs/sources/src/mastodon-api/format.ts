import {
  InvalidPostError,
  type Author,
  type JsonObject,
  type PostLink,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import {
  collectMedia,
  isObject,
  objectOf,
  objectsOf,
  pixelsOf,
  secondsOf,
  integerOf,
  textOf,
  uniqueTexts,
  urlOf,
  type References,
} from '../fields.ts'
import { mediaTypeOfPath } from '../file-types.ts'
import { htmlText } from '../html-text.ts'
import { attachmentKey, handleOf, linkTo, timeInUri, urnOf } from '../mastodon/identity.ts'
import { fieldsOf } from '../objects.ts'
import { asReshared } from '../reshared.ts'
import { isoTime, requireTime } from '../times.ts'

const COUNTS = ['favourites_count', 'reblogs_count', 'replies_count', 'quotes_count'] as const

/** Statuses of the Mastodon API, which Pleroma, Akkoma, Pixelfed and GoToSocial have too. */
export const sourceFormat: SourceFormat = {
  name: 'mastodon-api',
  platform: 'mastodon',
  title: 'Mastodon API (timelines, statuses, bookmarks, search)',
  files: [{}, { posts: '/statuses' }, { posts: '/ancestors' }, { posts: '/descendants' }],
  recognises: ({ uri, account, created_at, media_attachments, content }) =>
    typeof uri === 'string' &&
    isObject(account) &&
    typeof account.acct === 'string' &&
    typeof created_at === 'string' &&
    (Array.isArray(media_attachments) || typeof content === 'string'),
  read,
}

function read(status: JsonObject): SourcePost {
  const uri = urlOf(status.uri)
  if (uri === undefined) throw new InvalidPostError('/uri', 'the status has no uri', 'no_urn')
  const boosted = isObject(status.reblog) ? status.reblog : undefined
  const shown = boosted ?? status
  // The uri of a boost ends in /activity; its number is the boost's own.
  const idTime = timeInUri(uri)
  return {
    urn: urnOf(uri),
    postedAt: requireTime(isoTime(status.created_at) ?? idTime, '/created_at'),
    idTime,
    editedAt: isoTime(status.edited_at),
    author: authorOf(status, uri),
    text: textOf(htmlText(textOf(shown.content) ?? '')),
    language: textOf(shown.language),
    contentWarning: textOf(shown.spoiler_text),
    hashtags: uniqueTexts(objectsOf(shown.tags).map(([{ name }]) => name)),
    mentions: uniqueTexts(objectsOf(shown.mentions).map(([{ acct }]) => handleOf(acct))),
    links: boosted ? linkTo('reshare', boosted.uri, boosted.url) : linksOf(status, uri),
    postType: boosted ? 'repost' : undefined,
    url: urlOf(status.url) ?? urlOf(objectOf(boosted).url) ?? uri,
    totalReactions: integerOf(status.favourites_count),
    stats: fieldsOf(status, COUNTS),
    media: collectMedia(mediaIn(status)),
  }
}

function authorOf({ account }: JsonObject, uri: string): Author {
  const { acct, display_name, url, uri: id } = objectOf(account)
  const username = handleOf(acct)
  const profileUrl = urlOf(url)
  // The API's own id is another on each server; the actor's URI is not.
  const actor = urlOf(id) ?? /^(https:\/\/[^/]+\/users\/[^/]+)\/statuses\//.exec(uri)?.[1]
  return { username, displayName: textOf(display_name), id: actor ?? profileUrl, profileUrl }
}

/** A reply names the other post by the server's own id. It has a URI only where the author replies to themself. */
function linksOf(status: JsonObject, uri: string): PostLink[] {
  const { in_reply_to_id: parent, in_reply_to_account_id: author, id, account } = status
  const quoted = objectOf(objectOf(status.quote).quoted_status ?? status.quote)
  const quotes = linkTo('quote', quoted.uri, quoted.url)
  const isOwn = textOf(author) !== undefined && author === objectOf(account).id
  const isLocal = textOf(id) !== undefined && uri.endsWith(`/${textOf(id)!}`)
  if (!isOwn || !isLocal || textOf(parent) === undefined) return quotes
  return [...linkTo('thread', uri.slice(0, -textOf(id)!.length) + textOf(parent)!), ...quotes]
}

function* mediaIn(status: JsonObject): References {
  yield* shownMedia(status, '')
  const quoted = objectOf(status.quote)
  const inner = isObject(quoted.quoted_status) ? quoted.quoted_status : quoted
  const pointer = isObject(quoted.quoted_status) ? '/quote/quoted_status' : '/quote'
  if (isObject(inner.account)) yield* asReshared(shownMedia(inner, pointer))
  if (isObject(status.reblog)) yield* asReshared(shownMedia(status.reblog, '/reblog'))
}

function* shownMedia(status: JsonObject, statusPointer: string): References {
  for (const [attachment, index] of objectsOf(status.media_attachments)) {
    yield* attachmentMedia(attachment, `${statusPointer}/media_attachments/${index}`)
  }
  const card = urlOf(objectOf(status.card).image)
  const blurhash = textOf(objectOf(status.card).blurhash)
  if (card !== undefined)
    yield { url: card, blurhash, role: 'article', mediaType: 'image', pointer: `${statusPointer}/card/image` }
  const avatar = urlOf(objectOf(status.account).avatar)
  if (avatar !== undefined)
    yield { url: avatar, role: 'avatar', mediaType: 'image', pointer: `${statusPointer}/account/avatar` }
}

const TYPES: Readonly<Record<string, 'image' | 'video' | 'audio'>> = {
  image: 'image',
  video: 'video',
  gifv: 'video',
  audio: 'audio',
}

/** The file of the author's own server first, then this server's copy of it. */
function* attachmentMedia(attachment: JsonObject, pointer: string): References {
  const { url, remote_url, preview_url, meta, id } = attachment
  const [copy, origin, still] = [urlOf(url), urlOf(remote_url), urlOf(preview_url)]
  // The server may not know the kind of a file of another one: `unknown`.
  const mediaType =
    TYPES[textOf(attachment.type) ?? ''] ?? mediaTypeOfPath(origin ?? copy ?? '') ?? 'document'
  const original = objectOf(objectOf(meta).original)
  const key = attachmentKey(origin ?? copy) ?? textOf(id)
  const [first, ...others] = [...new Set([origin, copy].flatMap((candidate) => candidate ?? []))]
  const small = mediaType === 'image' && still !== undefined && still !== first ? [still] : []
  const candidates = [...others, ...small].map((candidate) => ({ url: candidate }))
  const blurhash = textOf(attachment.blurhash)
  if (first !== undefined) {
    yield {
      url: first,
      candidates,
      key,
      role: 'content',
      mediaType,
      pointer: `${pointer}/${origin === undefined ? 'url' : 'remote_url'}`,
      width: pixelsOf(original.width),
      height: pixelsOf(original.height),
      durationMs: secondsOf(original.duration),
      altText: textOf(attachment.description),
      blurhash,
    }
  }
  if (mediaType === 'image' || still === undefined || still === first || still === copy) return
  const stillKey = key === undefined ? undefined : `${key}/thumbnail`
  yield {
    url: still,
    key: stillKey,
    role: 'thumbnail',
    mediaType: 'image',
    pointer: `${pointer}/preview_url`,
  }
}
