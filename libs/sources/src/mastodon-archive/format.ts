import type {
  Author,
  JsonObject,
  MediaReference,
  Place,
  SkippedItem,
  SourceFormat,
  SourcePost,
} from '@mediakeep/plugin-api'
import { InvalidPostError } from '@mediakeep/plugin-api'
import {
  collectMedia,
  isObject,
  listOf,
  objectOf,
  objectsOf,
  pixelsOf,
  textOf,
  uniqueTexts,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'
import { mediaTypeOfMime } from '../file-types.ts'
import { htmlText } from '../html-text.ts'
import { attachmentKey, handleOf, linkTo, timeInUri, urnOf } from '../mastodon/identity.ts'
import { isoTime, requireTime } from '../times.ts'

const ACTOR = '**/actor.json'
/** Kinds of ActivityPub objects that are posts. */
const POSTS = new Set(['Note', 'Question', 'Article', 'Page', 'Image', 'Video', 'Audio'])
const ACTIVITIES = new Set([
  'Create',
  'Update',
  'Announce',
  'Like',
  'Delete',
  'Undo',
  'Add',
  'Remove',
  'Follow',
  'Accept',
])

/** The archive of a Mastodon account, and outboxes of other ActivityPub software: `outbox.json` with its files. */
export const sourceFormat: SourceFormat = {
  name: 'mastodon-archive',
  platform: 'mastodon',
  title: 'Mastodon archive (outbox.json with media_attachments, from Preferences → Import and export)',
  files: [{ posts: '/orderedItems' }],
  facts: [{ path: ACTOR }],
  recognises: ({ type, object, actor }) =>
    typeof type === 'string' &&
    ACTIVITIES.has(type) &&
    typeof actor === 'string' &&
    (isObject(object) || typeof object === 'string'),
  read,
}

function read(activity: JsonObject, place: Place): SourcePost | SkippedItem {
  const { type, object } = activity
  if (type === 'Announce') return { skip: 'boost' }
  if (type !== 'Create' || !isObject(object)) return { skip: (textOf(type) ?? 'activity').toLowerCase() }
  if (!POSTS.has(textOf(object.type) ?? '')) return { skip: (textOf(object.type) ?? 'object').toLowerCase() }
  const id = urlOf(object.id)
  if (id === undefined) throw new InvalidPostError('/object/id', 'the post has no id', 'no_urn')
  const stated = isoTime(object.published) ?? isoTime(activity.published)
  const idTime = timeInUri(id)
  const tags = objectsOf(object.tag).map(([tag]) => tag)
  const named = (kind: string): Value[] => tags.filter((tag) => tag.type === kind).map(({ name }) => name)
  return {
    urn: urnOf(id),
    postedAt: requireTime(stated ?? idTime, '/object/published'),
    idTime,
    editedAt: isoTime(object.updated),
    author: authorOf(place, activity.actor),
    text: textOf(htmlText(textOf(object.content) ?? '')),
    language: Object.keys(objectOf(object.contentMap))[0],
    contentWarning: textOf(object.summary),
    hashtags: uniqueTexts(named('Hashtag').map((name) => textOf(name)?.replace(/^#/, ''))),
    mentions: uniqueTexts(named('Mention').map(handleOf)),
    links: [
      ...linkTo('reply', object.inReplyTo),
      ...linkTo('quote', object.quote ?? object.quoteUri ?? object.quoteUrl),
    ],
    url: urlOf(object.url) ?? id,
    media: collectMedia(mediaIn(object, place)),
  }
}

function authorOf({ facts }: Place, actor: Value): Author {
  const fact = objectOf(facts[ACTOR])
  const id = textOf(fact.id) ?? textOf(actor)
  // The archive has the account's own posts; without actor.json the id still has the name in most software.
  const username = textOf(fact.preferredUsername) ?? /\/(?:users\/|@)(\w+)$/.exec(id ?? '')?.[1]
  return { username, displayName: textOf(fact.name), id, profileUrl: urlOf(fact.url) ?? urlOf(id) }
}

function* mediaIn(object: JsonObject, place: Place): References {
  for (const [attachment, index] of attachmentsOf(object.attachment)) {
    const pointer = `/object/attachment${index}`
    const mediaType = mediaTypeOfMime(textOf(attachment.mediaType) ?? '')
    if (attachment.type === 'Link' && mediaType === 'document') continue
    const source = sourceOf(attachment.url, place)
    if (!source) continue
    yield {
      ...source,
      role: 'content',
      mediaType: attachment.mediaType === undefined && attachment.type === 'Image' ? 'image' : mediaType,
      pointer: `${pointer}/url`,
      width: pixelsOf(attachment.width),
      height: pixelsOf(attachment.height),
      altText: textOf(attachment.name) ?? textOf(attachment.summary),
      blurhash: textOf(attachment.blurhash),
    }
  }
}

/** A list of attachments, or one alone. */
function attachmentsOf(value: Value): [attachment: JsonObject, step: string][] {
  if (isObject(value)) return [[value, '']]
  return objectsOf(value).map(([attachment, index]) => [attachment, `/${index}`])
}

/** A path in the archive begins with a slash or not, by version; an outbox from the network has URLs. */
function sourceOf(
  value: Value,
  place: Place,
): Pick<MediaReference, 'file' | 'missing' | 'url' | 'key'> | undefined {
  const path = textOf(Array.isArray(value) ? (objectsOf(value)[0]?.[0].href ?? listOf(value)[0]) : value)
  if (path === undefined) return undefined
  const inArchive = path.replace(/^\/+/, '')
  const key = attachmentKey(path)
  const file = urlOf(path) === undefined ? place.resolve(inArchive) : place.resolve(key ?? '')
  if (file !== undefined) return { file, url: urlOf(path), key: key ?? file }
  if (urlOf(path) !== undefined) return { url: path, key }
  return { missing: `the archive has no file ${inArchive}`, key: key ?? inArchive }
}
