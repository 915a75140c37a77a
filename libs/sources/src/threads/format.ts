import {
  InvalidPostError,
  type JsonObject,
  type SourceFormat,
  type SourcePost,
  type UnwrappedItem,
} from '@mediakeep/plugin-api'
import { collectMedia, isObject, objectOf, textOf, urlOf, type References } from '../fields.ts'
import { readMetaId } from '../instagram/ids.ts'
import { positive, readAuthor, textFields, withAvatar } from '../instagram/post.ts'
import { webMedia } from '../instagram/web-media.ts'
import { fieldsOf, firstText, valueAt } from '../objects.ts'
import { asReshared } from '../reshared.ts'
import { requireTime, unixTime } from '../times.ts'

/** Posts as Threads' own pages receive them: Instagram's form with `text_post_app_info`. */
export const sourceFormat: SourceFormat = {
  name: 'threads',
  platform: 'threads',
  title: "Posts recorded from Threads' pages",
  files: [
    {},
    { posts: '/data/data/edges/*/node/thread_items' },
    { posts: '/data/mediaData/edges/*/node/thread_items' },
  ],
  unwrap,
  recognises,
  read,
}

/** A thread's item has its post beside facts about the page. */
function unwrap({ post }: JsonObject): UnwrappedItem | undefined {
  return isObject(post) && recognises(post)
    ? { post, pointer: '/post', formats: [sourceFormat.name] }
    : undefined
}

function recognises(post: JsonObject): boolean {
  return isObject(post.text_post_app_info) && (textOf(post.code) !== undefined || post.pk !== undefined)
}

/** @throws InvalidPostError */
function read(post: JsonObject): SourcePost {
  const info = objectOf(post.text_post_app_info)
  const { urn, otherUrns, idTime, url } = readMetaId(post, 'threads')
  const username = textOf(valueAt(post, 'user', 'username'))
  const code = textOf(post.code)
  const counts = {
    ...fieldsOf(post, ['like_count']),
    ...fieldsOf(info, ['direct_reply_count', 'repost_count', 'quote_count', 'reshare_count']),
  }
  return {
    urn,
    otherUrns,
    idTime,
    url:
      username === undefined || code === undefined
        ? url
        : `https://www.threads.com/@${username}/post/${code}`,
    postedAt: requireTime(unixTime(post.taken_at) ?? idTime, '/taken_at'),
    author: readAuthor(post.user, 'https://www.threads.com/@'),
    ...textFields(firstText(valueAt(post, 'caption', 'text'))),
    links: linksOf(info),
    postType: 'post',
    totalReactions: positive(post.like_count),
    stats: Object.keys(counts).length === 0 ? undefined : counts,
    media: collectMedia(withAvatar(mediaOf(post, info), post.user, '/user')),
  }
}

function* mediaOf(post: JsonObject, info: JsonObject): References {
  yield* webMedia(post)
  const audio = urlOf(valueAt(post, 'audio', 'audio_src'))
  if (audio !== undefined)
    yield { url: audio, role: 'content', mediaType: 'audio', pointer: '/audio/audio_src' }
  const preview = urlOf(valueAt(info, 'link_preview_attachment', 'image_url'))
  const pointer = '/text_post_app_info/link_preview_attachment/image_url'
  if (preview !== undefined) yield { url: preview, role: 'article', mediaType: 'image', pointer }
  yield* sharedMedia(info)
}

/** A quoted or reposted post is shown within this one. */
function* sharedMedia(info: JsonObject): References {
  for (const name of ['quoted_post', 'reposted_post'] as const) {
    const shared = valueAt(info, 'share_info', name)
    if (!isObject(shared)) continue
    const pointer = `/text_post_app_info/share_info/${name}`
    for (const media of asReshared(webMedia(shared))) yield { ...media, pointer: pointer + media.pointer }
  }
}

function linksOf(info: JsonObject): SourcePost['links'] {
  const share = objectOf(info.share_info)
  const links = [
    ['quote', share.quoted_post] as const,
    ['reshare', share.reposted_post] as const,
    ['reply', info.reply_to_post] as const,
  ].flatMap(([kind, post]) => {
    const urn = isObject(post) ? urnOf(post) : undefined
    return urn === undefined ? [] : [{ kind, urn }]
  })
  return links.length === 0 ? undefined : links
}

function urnOf(post: JsonObject): string | undefined {
  try {
    return readMetaId(post, 'threads').urn
  } catch (error) {
    if (error instanceof InvalidPostError) return undefined
    throw error
  }
}
