import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { isId } from '@mediakeep/ids'
import type { OpenMedia, ServedMedia } from '../ports/actions.ts'
import type { ErrorLog } from '../ports/log.ts'
import { checkSignature } from './links.ts'
import { cacheControl, isKnown, mediaHeaders, SAFETY_HEADERS } from './media-headers.ts'
import { parseRange } from './range.ts'
import { NoThumbnailError, thumbnailWidth, type Thumbnails } from './thumbnails.ts'

export interface MediaRouteOptions {
  readonly openMedia: OpenMedia
  readonly thumbnails: Thumbnails
  readonly secret: string
  readonly log: ErrorLog
}

export interface MediaRoute {
  /** True when a URL has a signature, valid or not. */
  isSigned(url: URL): boolean
  /** Serves admitted viewers and links with a valid signature; refuses invalid signatures. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>
}

/** Serves `/media/<mediaId>` and `/media/<mediaId>/thumbnail`. Looks up the id; never builds a path from a request. */
export function mediaRoute(options: MediaRouteOptions): MediaRoute {
  const handle: MediaRoute['handle'] = async (request, response, url) => {
    const match = /^\/media\/([^/]+)(\/thumbnail)?$/.exec(url.pathname)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, 'Only GET and HEAD.', { allow: 'GET, HEAD' })
      return
    }
    if (!match || !isId('med', match[1]!)) {
      refuse(response, 404, 'There is no such media.')
      return
    }
    const signature = checkSignature(options.secret, url.pathname, url.searchParams)
    if (signature === 'invalid' || signature === 'expired') {
      refuse(response, 403, `The link's signature is ${signature}.`)
      return
    }
    const media = await open(options, match[1]!, response)
    if (!media) return
    if (match[2]) await sendThumbnail(options, media, request, response, url)
    else await sendMedia(media, request, response, url.searchParams.get('v'))
  }
  return { isSigned: (url) => url.searchParams.has('signature'), handle }
}

async function open(
  { openMedia, log }: MediaRouteOptions,
  mediaId: string,
  response: ServerResponse,
): Promise<ServedMedia | undefined> {
  try {
    const media = await openMedia(mediaId)
    if (!media)
      refuse(response, 404, 'There is no such media, nothing was fetched for it, or it was rejected.')
    return media
  } catch (error) {
    log.error({ err: error, mediaId }, 'media could not be opened')
    refuse(response, 503, 'The file is neither in the cache nor to be had from the archive now.')
    return undefined
  }
}

async function sendMedia(
  media: ServedMedia,
  request: IncomingMessage,
  response: ServerResponse,
  version: string | null,
): Promise<void> {
  const headers = mediaHeaders(media, version)
  const etag = headers['etag']!
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end()
    return
  }
  const ifRange = request.headers['if-range']
  const range =
    ifRange === undefined || ifRange === etag ? parseRange(request.headers.range, media.byteSize) : undefined
  if (range === 'unsatisfiable') {
    refuse(response, 416, 'There are no such bytes.', { 'content-range': `bytes */${media.byteSize}` })
    return
  }
  const { start, end } = range ?? { start: 0, end: media.byteSize - 1 }
  const contentRange = range && { 'content-range': `bytes ${start}-${end}/${media.byteSize}` }
  const all = { ...headers, ...contentRange, 'content-length': String(end - start + 1) }
  if (request.method === 'HEAD' || media.byteSize === 0) {
    response.writeHead(range ? 206 : 200, all).end()
    return
  }
  // Open the file before sending the head: a missing file must be an error, not an empty success.
  const bytes = await media.open(range)
  response.writeHead(range ? 206 : 200, all)
  // A client that disconnects is no failure; a truncated file is visible by its length.
  await pipeline(bytes, response).catch(() => response.destroy())
}

async function sendThumbnail(
  { thumbnails }: MediaRouteOptions,
  media: ServedMedia,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const width = thumbnailWidth(url.searchParams.get('width'))
  const etag = `"${media.sha256}-${width}"`
  const headers = {
    ...SAFETY_HEADERS,
    etag,
    'cache-control': cacheControl(url.searchParams.get('v'), media.sha256),
  }
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end()
    return
  }
  try {
    const bytes = await thumbnails.get(media, width)
    response.writeHead(200, { ...headers, 'content-type': 'image/webp', 'content-length': bytes.byteLength })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  } catch (error) {
    if (!(error instanceof NoThumbnailError)) throw error
    refuse(response, 404, error.message)
  }
}

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...SAFETY_HEADERS,
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(`${message}\n`)
}
