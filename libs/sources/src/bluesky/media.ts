import type { JsonObject, MediaCandidate, MediaReference, MediaRole, MediaType } from '@mediakeep/plugin-api'
import {
  integerOf,
  isObject,
  listOf,
  objectOf,
  objectsOf,
  pixelsOf,
  textOf,
  urlOf,
  type References,
  type Value,
} from '../fields.ts'
import { asReshared } from '../reshared.ts'
import { blobUrl, sha256OfCid } from './identity.ts'

/** An embed as the record has it (with blobs) and as the API shows it (with URLs of the CDN). Either may be absent. */
export interface Embed {
  readonly did: string
  readonly record: Value
  readonly recordPointer: string
  readonly view?: Value
  readonly viewPointer?: string
}

/** Reads the media of a post's embed. A quoted post's own media are in its view alone; see `quotedIn`. */
export function* embedMedia(embed: Embed): References {
  const record = partOf(embed.record)
  const view = partOf(embed.view)
  const recordPointer = embed.recordPointer + record.step
  const viewPointer = (embed.viewPointer ?? '') + view.step
  yield* images({ ...embed, record: record.part, recordPointer, view: view.part, viewPointer })
  yield* video({ ...embed, record: record.part, recordPointer, view: view.part, viewPointer })
  yield* external({ ...embed, record: record.part, recordPointer, view: view.part, viewPointer })
}

/** The media of `recordWithMedia` are one level deeper. */
function partOf(embed: Value): { part: JsonObject; step: string } {
  const { media } = objectOf(embed)
  return isObject(media) ? { part: media, step: '/media' } : { part: objectOf(embed), step: '' }
}

type Part = Embed & { record: JsonObject; view: JsonObject; viewPointer: string }

function* images({ did, record, recordPointer, view, viewPointer }: Part): References {
  const [blobs, views] = [listOf(record.images), listOf(view.images)]
  for (let index = 0; index < Math.max(blobs.length, views.length); index++) {
    const [image, shown] = [objectOf(blobs[index]), objectOf(views[index])]
    yield* reference({
      did,
      blob: image.image,
      pointer: `${recordPointer}/images/${index}/image`,
      urls: [shown.fullsize, shown.thumb],
      urlPointer: `${viewPointer}/images/${index}/fullsize`,
      role: 'content',
      mediaType: 'image',
      shape: {
        altText: textOf(image.alt) ?? textOf(shown.alt),
        ...sizeOf(image.aspectRatio ?? shown.aspectRatio),
      },
    })
  }
}

function* video({ did, record, recordPointer, view, viewPointer }: Part): References {
  if (!isObject(record.video) && view.playlist === undefined) return
  const cid = cidOf(record.video) ?? textOf(view.cid)
  const playlist = urlOf(view.playlist)
  yield* reference({
    did,
    blob: record.video ?? view.cid,
    pointer: `${recordPointer}/video`,
    urls: [],
    urlPointer: `${viewPointer}/playlist`,
    playlist,
    role: 'content',
    mediaType: 'video',
    shape: {
      altText: textOf(record.alt) ?? textOf(view.alt),
      ...sizeOf(record.aspectRatio ?? view.aspectRatio),
    },
  })
  const still = urlOf(view.thumbnail)
  const key = cid === undefined ? undefined : `${cid}/thumbnail`
  if (still === undefined) return
  yield { url: still, key, role: 'thumbnail', mediaType: 'image', pointer: `${viewPointer}/thumbnail` }
}

/** A link's preview picture; for an animation of a GIF service the link itself is the media. */
function* external({ did, record, recordPointer, view, viewPointer }: Part): References {
  const [link, shown] = [objectOf(record.external), objectOf(view.external)]
  const inRecord = isObject(record.external)
  const [uri, at] = inRecord ? [urlOf(link.uri), recordPointer] : [urlOf(shown.uri), viewPointer]
  if (uri !== undefined && /^https:\/\/(?:media\.tenor\.com|static\.klipy\.com)\//.test(uri)) {
    const altText = textOf(link.description) ?? textOf(shown.description)
    yield { url: uri, altText, role: 'content', mediaType: 'image', pointer: `${at}/external/uri` }
  }
  yield* reference({
    did,
    blob: link.thumb,
    pointer: `${recordPointer}/external/thumb`,
    urls: [shown.thumb],
    urlPointer: `${viewPointer}/external/thumb`,
    role: 'article',
    mediaType: 'image',
    shape: {},
  })
}

interface Found {
  readonly did: string
  readonly blob: Value
  readonly pointer: string
  readonly urls: readonly Value[]
  readonly urlPointer: string
  readonly playlist?: string | undefined
  readonly role: MediaRole
  readonly mediaType: MediaType
  readonly shape: Partial<MediaReference>
}

/** The original blob first, whose digest the record attests, then what the CDN makes of it. */
function* reference({
  did,
  blob,
  pointer,
  urls,
  urlPointer,
  playlist,
  role,
  mediaType,
  shape,
}: Found): References {
  const cid = cidOf(blob)
  const candidates: MediaCandidate[] = urls.flatMap((value) =>
    urlOf(value) === undefined ? [] : [{ url: urlOf(value)! }],
  )
  if (playlist !== undefined) candidates.push({ url: playlist, mimeType: 'application/vnd.apple.mpegurl' })
  if (cid !== undefined) {
    const attested = { sha256: sha256OfCid(cid), byteSize: integerOf(objectOf(blob).size) }
    const at = isObject(blob) ? pointer : urlPointer
    yield { url: blobUrl(did, cid), key: cid, candidates, attested, role, mediaType, pointer: at, ...shape }
    return
  }
  const [first, ...others] = candidates
  if (!first) return
  const rest = first.mimeType === undefined ? others : candidates
  yield { url: first.url, candidates: rest, role, mediaType, pointer: urlPointer, ...shape }
}

/** A blob's CID; blobs of the network's first months have it as text under `cid`. */
function cidOf(blob: Value): string | undefined {
  const cid = isObject(blob) ? (textOf(objectOf(blob.ref).$link) ?? textOf(blob.cid)) : textOf(blob)
  return cid !== undefined && /^[a-zA-Z0-9]{40,100}$/.test(cid) ? cid : undefined
}

/** The ratio may be of pixels or reduced, `16:9`; only pixels are a size. */
function sizeOf(ratio: Value): Pick<MediaReference, 'width' | 'height'> {
  const { width, height } = objectOf(ratio)
  const [w, h] = [pixelsOf(width), pixelsOf(height)]
  return w !== undefined && h !== undefined && Math.min(w, h) > 64 ? { width: w, height: h } : {}
}

export interface Quoted {
  readonly view: JsonObject
  readonly pointer: string
}

/** Returns the view of a quoted record within an embed's view. */
export function quotedIn(embed: Value, pointer: string): Quoted | undefined {
  const outer = objectOf(objectOf(embed).record)
  const inner = isObject(outer.record) ? outer.record : outer
  const at = isObject(outer.record) ? `${pointer}/record/record` : `${pointer}/record`
  return isObject(inner.value) && isObject(inner.author) ? { view: inner, pointer: at } : undefined
}

/** Returns the URI of a quoted record within a record's embed. */
export function quotedUri(embed: Value): Value {
  const outer = objectOf(objectOf(embed).record)
  return isObject(outer.record) ? outer.record.uri : outer.uri
}

/** Reads the media of a quoted post. What that post quotes in turn is not in the view. */
export function* quotedMedia({ view, pointer }: Quoted): References {
  const did = textOf(objectOf(view.author).did) ?? ''
  const shown = embedMedia({
    did,
    record: objectOf(view.value).embed,
    recordPointer: `${pointer}/value/embed`,
    view: objectsOf(view.embeds)[0]?.[0],
    viewPointer: `${pointer}/embeds/0`,
  })
  yield* asReshared(shown)
}
