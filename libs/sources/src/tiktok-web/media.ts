import type { JsonObject, MediaCandidate } from '@mediakeep/plugin-api'
import {
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  pixelsOf,
  secondsOf,
  textOf,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'
import { objectsIn, valueAt } from '../objects.ts'

interface Found {
  readonly url: string
  readonly pointer: string
}

export function* mediaOf(post: JsonObject): References {
  const images = objectsIn(valueAt(post, 'imagePost', 'images'), '/imagePost/images')
  for (const [index, [image, pointer]] of images.entries()) yield* imageOf(image, pointer, index)
  if (images.length > 0) yield* soundOf(post)
  else yield* videoOf(post)
  yield* coverOf(post)
  yield* avatarOf(post)
}

function* imageOf(image: JsonObject, pointer: string, index: number): References {
  const [first, ...others] = urlsIn(valueAt(image, 'imageURL', 'urlList'), `${pointer}/imageURL/urlList`)
  if (!first) return
  const [width, height] = [pixelsOf(image.imageWidth), pixelsOf(image.imageHeight)]
  yield {
    ...first,
    key: `image:${index}`,
    role: 'content',
    mediaType: 'image',
    width,
    height,
    candidates: others.map(({ url }) => ({ url })),
  }
}

/** A slide show has its sound apart. In a video it is in the video. */
function* soundOf(post: JsonObject): References {
  const music = objectOf(post.music)
  const url = urlOf(music.playUrl)
  if (url === undefined) return
  yield {
    url,
    key: 'sound',
    role: 'content',
    mediaType: 'audio',
    pointer: '/music/playUrl',
    durationMs: secondsOf(music.duration),
  }
}

function* videoOf(post: JsonObject): References {
  const video = objectOf(post.video)
  const [first, ...others] = [
    ...found(video.playAddr, '/video/playAddr'),
    ...rendered(video.bitrateInfo),
    // This one has a watermark.
    ...found(video.downloadAddr, '/video/downloadAddr'),
  ]
  if (!first) return
  yield {
    url: first.url,
    pointer: first.pointer,
    key: 'video',
    role: 'content',
    mediaType: 'video',
    width: pixelsOf(video.width),
    height: pixelsOf(video.height),
    durationMs: secondsOf(video.duration),
    candidates: candidates(first, others),
  }
  for (const [subtitle, pointer] of objectsIn(video.subtitleInfos, '/video/subtitleInfos')) {
    const url = urlOf(subtitle.Url)
    const language = textOf(subtitle.LanguageCodeName) ?? pointer
    if (url !== undefined)
      yield {
        url,
        key: `subtitle:${language}`,
        role: 'content',
        mediaType: 'document',
        pointer: `${pointer}/Url`,
      }
  }
}

/** Returns the encodings of a video, the best first. */
function rendered(value: Value): (Found & MediaCandidate)[] {
  const encodings = objectsOf(value).flatMap(([encoding, index]) => {
    const pointer = `/video/bitrateInfo/${index}/PlayAddr/UrlList`
    const [width, height] = [
      valueAt(encoding, 'PlayAddr', 'Width'),
      valueAt(encoding, 'PlayAddr', 'Height'),
    ].map(pixelsOf)
    const bitrate = numberOf(encoding.Bitrate)
    return urlsIn(valueAt(encoding, 'PlayAddr', 'UrlList'), pointer).map((at) => ({
      ...at,
      width,
      height,
      bitrate,
    }))
  })
  return encodings.sort((one, other) => (other.bitrate ?? 0) - (one.bitrate ?? 0))
}

function* coverOf(post: JsonObject): References {
  const video = objectOf(post.video)
  const [first, ...others] = [
    ...found(video.originCover, '/video/originCover'),
    ...found(video.cover, '/video/cover'),
    ...urlsIn(video.shareCover, '/video/shareCover'),
    ...found(video.dynamicCover, '/video/dynamicCover'),
  ]
  if (first)
    yield {
      ...first,
      key: 'cover',
      role: 'thumbnail',
      mediaType: 'image',
      candidates: candidates(first, others),
    }
}

function* avatarOf(post: JsonObject): References {
  const author = objectOf(post.author)
  const [first, ...others] = ['avatarLarger', 'avatarMedium', 'avatarThumb'].flatMap((size) =>
    found(author[size], `/author/${size}`),
  )
  if (first)
    yield {
      ...first,
      key: 'avatar',
      role: 'avatar',
      mediaType: 'image',
      candidates: candidates(first, others),
    }
}

function found(value: Value, pointer: string): Found[] {
  const url = urlOf(value)
  return url === undefined ? [] : [{ url, pointer }]
}

function urlsIn(value: Value, pointer: string): Found[] {
  return listOf(value).flatMap((url, index) => found(url, `${pointer}/${index}`))
}

/** Returns the other URLs, each once. */
function candidates(first: Found, others: readonly (Found & MediaCandidate)[]): MediaCandidate[] {
  const byUrl = new Map(
    others.map(({ url, width, height, bitrate }) => [url, { url, width, height, bitrate }]),
  )
  byUrl.delete(first.url)
  return [...byUrl.values()]
}
