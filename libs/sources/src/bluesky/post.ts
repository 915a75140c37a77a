import type { Author, JsonObject, PostLink, SourcePost } from '@mediakeep/plugin-api'
import { listOf, objectOf, objectsOf, textOf, uniqueTexts } from '../fields.ts'
import { isoTime, requireTime } from '../times.ts'
import { postLink, postUrl, recordUri, timeInKey, type RecordUri } from './identity.ts'
import { quotedUri } from './media.ts'

/**
 * Reads everything but the media of an `app.bsky.feed.post`.
 *
 * @throws InvalidPostError if neither the record nor its key has a time
 */
export function readRecord(
  record: JsonObject,
  uri: RecordUri,
  author: Author,
  pointer: string,
): Omit<SourcePost, 'media'> {
  const idTime = timeInKey(uri.rkey)
  const labels = objectsOf(objectOf(record.labels).values).map(([{ val }]) => val)
  return {
    urn: `bluesky:${recordUri(uri)}`,
    postedAt: requireTime(isoTime(record.createdAt) ?? idTime, `${pointer}/createdAt`),
    idTime,
    author,
    text: textOf(record.text),
    language: uniqueTexts(listOf(record.langs))[0],
    contentWarning: textOf(uniqueTexts(labels).join(', ')),
    ...facetsOf(record),
    links: linksOf(record),
    url: postUrl(author.username ?? uri.did, uri.rkey),
  }
}

export function authorOf(profile: JsonObject, did: string): Author {
  const handle = textOf(profile.handle)
  // The API writes this in place of a handle that no longer leads to the account.
  const username = handle === 'handle.invalid' ? undefined : handle
  const profileUrl = `https://bsky.app/profile/${username ?? did}`
  return { username, displayName: textOf(profile.displayName), id: did, profileUrl }
}

function linksOf(record: JsonObject): PostLink[] {
  const reply = objectOf(objectOf(record.reply).parent)
  return [...postLink('reply', reply.uri), ...postLink('quote', quotedUri(record.embed))]
}

/** Facets count in bytes of UTF-8. A mention has the DID alone, so the handle is read from the text. */
function facetsOf(record: JsonObject): Pick<SourcePost, 'hashtags' | 'mentions'> {
  const bytes = Buffer.from(textOf(record.text) ?? '')
  const hashtags = [...listOf(record.tags)]
  const mentions: string[] = []
  for (const [{ features, index }] of objectsOf(record.facets)) {
    const { byteStart, byteEnd } = objectOf(index)
    for (const [{ $type, tag }] of objectsOf(features)) {
      if ($type === 'app.bsky.richtext.facet#tag') hashtags.push(tag ?? null)
      if ($type !== 'app.bsky.richtext.facet#mention') continue
      if (typeof byteStart !== 'number' || typeof byteEnd !== 'number') continue
      mentions.push(bytes.toString('utf8', byteStart, byteEnd).replace(/^@/, ''))
    }
  }
  return { hashtags: uniqueTexts(hashtags), mentions: uniqueTexts(mentions) }
}
