import { InvalidPostError, type JsonObject, type SourceFormat, type SourcePost } from '@mediakeep/plugin-api'
import {
  collectMedia,
  digitsOf,
  listOf,
  pixelsOf,
  secondsOf,
  textOf,
  uniqueTexts,
  urlOf,
  type References,
} from '../fields.ts'
import { mediaKey, readMetaId } from '../instagram/ids.ts'
import { positive, textFields } from '../instagram/post.ts'
import { coverKey } from '../instagram/web-media.ts'
import { fieldsOf, objectsIn } from '../objects.ts'
import { requireTime, utcDate } from '../times.ts'

/** Data sets of Apify's Instagram scrapers. */
export const sourceFormat: SourceFormat = {
  name: 'instagram-apify',
  platform: 'instagram',
  title: "Data sets of Apify's Instagram scrapers (JSON)",
  recognises,
  read,
}

function recognises(post: JsonObject): boolean {
  const { shortCode, displayUrl, ownerUsername, ownerId, error, errorDescription } = post
  const isError =
    textOf(error) !== undefined &&
    textOf(errorDescription) !== undefined &&
    [post.url, post.inputUrl].some((url) => textOf(url)?.includes('instagram.com'))
  return (
    isError ||
    (textOf(shortCode) !== undefined &&
      [displayUrl, ownerUsername, ownerId].some((field) => field !== undefined))
  )
}

/** @throws InvalidPostError */
function read(post: JsonObject): SourcePost {
  const error = textOf(post.error)
  if (error !== undefined) {
    const message = `${error}: ${textOf(post.errorDescription) ?? ''}`
    throw new InvalidPostError('/error', message.slice(0, 500), 'source_error')
  }
  const { urn, otherUrns, idTime, url } = readMetaId(post, 'instagram')
  const username = textOf(post.ownerUsername)
  const text = textFields(textOf(post.caption))
  return {
    urn,
    otherUrns,
    idTime,
    url: urlOf(post.url) ?? url,
    postedAt: requireTime(utcDate(post.timestamp) ?? idTime, '/timestamp'),
    author: {
      username,
      displayName: textOf(post.ownerFullName),
      id: digitsOf(post.ownerId),
      profileUrl: username === undefined ? undefined : `https://www.instagram.com/${username}`,
    },
    ...text,
    hashtags: Array.isArray(post.hashtags) ? uniqueTexts(post.hashtags) : text.hashtags,
    mentions: Array.isArray(post.mentions) ? uniqueTexts(post.mentions) : text.mentions,
    postType: textOf(post.productType) ?? textOf(post.type),
    totalReactions: positive(post.likesCount),
    stats: fieldsOf(post, ['likesCount', 'commentsCount', 'videoViewCount', 'videoPlayCount']),
    media: collectMedia(mediaOf(post)),
  }
}

/** The items of a carousel are in `childPosts`, and again as pictures in `images`; the first one also in `displayUrl`. */
function* mediaOf(post: JsonObject): References {
  const isCarousel = post.type === 'Sidecar'
  const items = isCarousel ? objectsIn(post.childPosts, '/childPosts') : [[post, ''] as [JsonObject, string]]
  const known = new Map<string, { key: string | undefined; role: 'content' | 'thumbnail' }>()
  for (const [item, pointer] of items) {
    yield* oneMedia(item, pointer)
    const [url, key] = [urlOf(item.displayUrl), mediaKey(item.id)]
    if (url !== undefined)
      known.set(url, isVideo(item) ? { key: coverKey(key), role: 'thumbnail' } : { key, role: 'content' })
  }
  // A carousel without its items has their pictures alone, and no ids.
  if (isCarousel) yield* again(post.displayUrl, '/displayUrl', known)
  for (const [index, image] of listOf(post.images).entries()) yield* again(image, `/images/${index}`, known)
}

function isVideo(media: JsonObject): boolean {
  return urlOf(media.videoUrl) !== undefined || media.type === 'Video'
}

function* oneMedia(media: JsonObject, pointer: string): References {
  const key = mediaKey(media.id)
  const altText = textOf(media.alt)
  const [video, picture] = [urlOf(media.videoUrl), urlOf(media.displayUrl)]
  const size = { width: pixelsOf(media.dimensionsWidth), height: pixelsOf(media.dimensionsHeight) }
  if (video !== undefined) {
    const durationMs = secondsOf(media.videoDuration)
    yield {
      url: video,
      pointer: `${pointer}/videoUrl`,
      ...size,
      key,
      role: 'content',
      mediaType: 'video',
      durationMs,
      altText,
    }
  }
  if (picture === undefined) return
  const shared = { url: picture, pointer: `${pointer}/displayUrl`, ...size, mediaType: 'image' } as const
  if (isVideo(media)) yield { ...shared, key: coverKey(key), role: 'thumbnail' }
  else yield { ...shared, key, role: 'content', altText }
}

function* again(
  value: JsonObject[string] | undefined,
  pointer: string,
  known: ReadonlyMap<string, { key: string | undefined; role: 'content' | 'thumbnail' }>,
): References {
  const url = urlOf(value)
  if (url === undefined) return
  const { key, role = 'content' } = known.get(url) ?? {}
  yield { url, key, role, mediaType: 'image', pointer }
}
