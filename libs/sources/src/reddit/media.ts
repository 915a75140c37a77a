import { unescapeUrl, type JsonObject, type MediaCandidate, type MediaReference } from '@mediakeep/plugin-api'
import {
  escapePointer,
  isObject,
  objectOf,
  objectsOf,
  pixelsOf,
  secondsOf,
  textOf,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'
import { asReshared } from '../reshared.ts'

/** Reads the media of a post: a gallery, a video, a linked file, else the preview of a link; then those of a crosspost. */
export function* mediaIn(post: JsonObject, pointer: string): References {
  yield* ownMedia(post, pointer)
  // Reddit copies an original's media into its crosspost, so they are read where they are complete.
  for (const [original, index] of objectsOf(post.crosspost_parent_list)) {
    yield* asReshared(ownMedia(original, `${pointer}/crosspost_parent_list/${index}`))
  }
}

function* ownMedia(post: JsonObject, pointer: string): References {
  const isCrosspost = objectsOf(post.crosspost_parent_list).length > 0
  yield* galleryMedia(post, pointer)
  const hasVideo = isObject(videoOf(post).video)
  if (!isCrosspost) yield* videoMedia(post, pointer)
  if (isCrosspost || isObject(post.gallery_data)) return
  const linked = linkedFile(post, pointer)
  if (linked && !hasVideo) yield linked
  yield* previewMedia(post, pointer, linked, hasVideo)
}

/** A gallery in its own order, else the pictures within a text or a comment. */
function* galleryMedia(post: JsonObject, pointer: string): References {
  const metadata = objectOf(post.media_metadata)
  const captions = objectsOf(objectOf(post.gallery_data).items).map(([item]) => item)
  const ids =
    captions.length > 0 ? captions.map((item) => textOf(item.media_id) ?? '') : Object.keys(metadata)
  for (const [index, id] of ids.entries()) {
    const entry = Object.hasOwn(metadata, id) ? objectOf(metadata[id]) : {}
    const at = `${pointer}/media_metadata/${escapePointer(id)}`
    const altText = textOf(captions[index]?.caption)
    if (isObject(entry.s)) yield* galleryItem(entry, entry.s, { id, at, altText })
    else if (textOf(entry.status) !== undefined && entry.status !== 'valid') {
      yield {
        missing: `Reddit says: ${textOf(entry.status)!}`,
        key: id,
        altText,
        role: 'content',
        mediaType: 'image',
        pointer: at,
      }
    } else if (textOf(entry.dashUrl) !== undefined || textOf(entry.hlsUrl) !== undefined)
      yield* inlineVideo(entry, id, at)
  }
}

function* galleryItem(
  entry: JsonObject,
  source: JsonObject,
  place: { id: string; at: string; altText: string | undefined },
): References {
  const { id, at, altText } = place
  const field = (['u', 'gif', 'mp4'] as const).find((name) => source[name] !== undefined) ?? 'u'
  const preview = clean(source[field])
  if (preview === undefined) return
  const extension = /\/(\w+)$/.exec(textOf(entry.m) ?? '')?.[1]?.replace('jpeg', 'jpg')
  // preview.redd.it has signed, re-encoded pictures; i.redd.it the uploaded file under the same name.
  const original =
    extension !== undefined && /^[a-z0-9]+$/.test(id) && field !== 'mp4'
      ? `https://i.redd.it/${id}.${extension}`
      : undefined
  const others = (['gif', 'mp4'] as const).flatMap((name) => {
    const other = name === field ? undefined : clean(source[name])
    return other === undefined ? [] : [{ url: other, mimeType: name === 'gif' ? 'image/gif' : 'video/mp4' }]
  })
  const url = original ?? preview
  const candidates: MediaCandidate[] = url === preview ? others : [{ url: preview }, ...others]
  yield {
    url,
    candidates,
    key: id,
    altText,
    role: 'content',
    mediaType: field === 'mp4' ? 'video' : 'image',
    pointer: `${at}/s/${field}`,
    width: pixelsOf(source.x),
    height: pixelsOf(source.y),
  }
}

function* inlineVideo(entry: JsonObject, id: string, at: string): References {
  const video = `https://v.redd.it/${id}/DASH_720.mp4`
  const playlists = [playlist(entry.hlsUrl, HLS), playlist(entry.dashUrl, DASH)].flat()
  yield {
    url: video,
    candidates: playlists,
    key: id,
    role: 'content',
    mediaType: 'video',
    pointer: `${at}/dashUrl`,
    width: pixelsOf(entry.x),
    height: pixelsOf(entry.y),
  }
}

const HLS = 'application/vnd.apple.mpegurl'
const DASH = 'application/dash+xml'

function playlist(value: Value, mimeType: string): MediaCandidate[] {
  const url = clean(value)
  return url === undefined ? [] : [{ url, mimeType }]
}

function videoOf(post: JsonObject): { video: Value; step: string } {
  for (const holder of ['secure_media', 'media'] as const) {
    const video = objectOf(post[holder]).reddit_video
    if (isObject(video)) return { video, step: `/${holder}/reddit_video` }
  }
  const preview = objectOf(post.preview).reddit_video_preview
  return { video: isObject(preview) ? preview : undefined, step: '/preview/reddit_video_preview' }
}

/** The video without sound; the playlists name the sound, which is a file of its own. */
function* videoMedia(post: JsonObject, pointer: string): References {
  const { video, step } = videoOf(post)
  if (!isObject(video)) return
  const url = clean(video.fallback_url)
  if (url === undefined) return
  yield {
    url,
    candidates: [...playlist(video.hls_url, HLS), ...playlist(video.dash_url, DASH)],
    key: /^https:\/\/v\.redd\.it\/(\w+)/.exec(url)?.[1],
    role: 'content',
    mediaType: 'video',
    pointer: `${pointer}${step}/fallback_url`,
    width: pixelsOf(video.width),
    height: pixelsOf(video.height),
    durationMs: secondsOf(video.duration),
  }
}

const FILES: readonly [type: MediaReference['mediaType'], names: RegExp][] = [
  ['image', /\.(?:jpe?g|png|gif|webp)(?:\?|$)/i],
  ['video', /\.(?:mp4|webm|gifv)(?:\?|$)/i],
]

/** A post whose link is a picture or a video itself. */
function linkedFile(post: JsonObject, pointer: string): MediaReference | undefined {
  const field = clean(post.url_overridden_by_dest) === undefined ? 'url' : 'url_overridden_by_dest'
  const url = clean(post[field])
  const [mediaType] = FILES.find(([, names]) => names.test(url?.split('?')[0] ?? '')) ?? []
  if (url === undefined || mediaType === undefined || post.is_self === true) return undefined
  // A .gifv of Imgur is a page around the .mp4.
  const file = url.replace(/^(https?:\/\/i\.imgur\.com\/\w+)\.gifv$/, '$1.mp4')
  return { url: file, key: keyOf(file), role: 'content', mediaType, pointer: `${pointer}/${field}` }
}

/** The preview: another rendition of a linked picture, a video's still, or the picture of a link to a page. */
function* previewMedia(
  post: JsonObject,
  pointer: string,
  linked: MediaReference | undefined,
  hasVideo: boolean,
): References {
  const images = objectsOf(objectOf(post.preview).images)
  for (const [image, index] of images) {
    const source = objectOf(image.source)
    const url = clean(source.url)
    if (url === undefined) continue
    const isContent = linked?.mediaType === 'video' || hasVideo
    const role = linked || isContent ? 'thumbnail' : 'article'
    const shape = { width: pixelsOf(source.width), height: pixelsOf(source.height) }
    yield {
      url,
      ...shape,
      role,
      mediaType: 'image',
      pointer: `${pointer}/preview/images/${index}/source/url`,
    }
  }
  const url = clean(post.thumbnail)
  if (images.length > 0 || url === undefined || linked?.url === url) return
  const shape = { width: pixelsOf(post.thumbnail_width), height: pixelsOf(post.thumbnail_height) }
  yield { url, ...shape, role: 'thumbnail', mediaType: 'image', pointer: `${pointer}/thumbnail` }
}

/** Reddit escapes HTML in its JSON unless it is asked not to. */
function clean(value: Value): string | undefined {
  const url = urlOf(value)
  return url === undefined ? undefined : unescapeUrl(url)
}

function keyOf(url: string): string | undefined {
  return /^https?:\/\/(?:i|preview)\.redd\.it\/(\w+)\.\w+/.exec(url)?.[1]
}
