import type { JsonObject, MediaReference, MediaType, Place } from '@mediakeep/plugin-api'
import {
  escapePointer,
  isObject,
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
import { fileNameOf, mediaTypeOfPath } from '../file-types.ts'

const MAX_THUMBNAILS = 8
/** Parts of a download, before they are merged. */
const PART = /\.(?:f\d[\w-]*|temp|part)\.\w+$/

/** Returns the video, its thumbnail and subtitles: the files beside the JSON, else their URLs. */
export function* mediaOf(info: JsonObject, place: Place): References {
  const stem = fileNameOf(place.path).replace(/\.info\.json$/, '')
  const files = place.beside(`${stem}.`)
  yield* videoOf(info, place, files)
  yield* thumbnailOf(info, files)
  yield* subtitlesOf(info, place, files, stem)
}

function* videoOf(info: JsonObject, place: Place, files: readonly string[]): References {
  const isAudio =
    info.vcodec === 'none' ||
    (info.vcodec === undefined && mediaTypeOfPath(`.${textOf(info.ext) ?? ''}`) === 'audio')
  const mediaType: MediaType = isAudio ? 'audio' : 'video'
  const size = {
    width: pixelsOf(info.width),
    height: pixelsOf(info.height),
    durationMs: secondsOf(info.duration),
  }
  const named = objectsOf(info.requested_downloads).map(([download, index]) =>
    fileNamed(download, `/requested_downloads/${index}`, place),
  )
  const single = fileNamed(info, '', place)
  const found = [...named, single].filter((file) => file?.path !== undefined)
  // After a conversion the file has another extension than its name in the JSON.
  const beside = files.filter(
    (path) => ['video', 'audio'].includes(mediaTypeOfPath(path) ?? '') && !PART.test(path),
  )
  const shared = { ...size, key: 'video', role: 'content' } as const
  if (found.length > 0) {
    for (const [index, { path, pointer }] of found.flatMap((file) => (file ? [file] : [])).entries()) {
      if (found.findIndex((same) => same?.path === path) === index)
        yield { ...shared, ...keyOf(index), file: path, mediaType: mediaTypeOf(path!, mediaType), pointer }
    }
  } else if (beside.length > 0) {
    for (const [index, file] of beside.entries())
      yield { ...shared, ...keyOf(index), file, mediaType: mediaTypeOf(file, mediaType), pointer: '' }
  } else yield* remoteVideo(info, named[0] ?? single, { ...shared, mediaType })
}

function keyOf(index: number): { key: string } {
  return { key: index === 0 ? 'video' : `video:${index}` }
}

function mediaTypeOf(path: string, claimed: MediaType): MediaType {
  const type = mediaTypeOfPath(path)
  return claimed === 'video' && type === 'audio' ? 'audio' : claimed
}

interface NamedFile {
  readonly name: string
  readonly pointer: string
  /** Undefined when the export does not have the file. */
  readonly path: string | undefined
}

/** Paths are those of the machine that ran yt-dlp: only the name is of use, beside the JSON. */
function fileNamed(value: JsonObject, pointer: string, place: Place): NamedFile | undefined {
  for (const key of ['filepath', '_filename', 'filename'] as const) {
    const name = textOf(value[key])?.split(/[\\/]/).at(-1)
    if (name !== undefined && name !== '')
      return {
        name,
        pointer: `${pointer}/${key}`,
        path: place.beside(name).find((path) => fileNameOf(path) === name),
      }
  }
  return undefined
}

/** A playlist (`.m3u8`, `.mpd`) is not the video. */
function* remoteVideo(
  info: JsonObject,
  named: NamedFile | undefined,
  shared: Omit<MediaReference, 'url' | 'pointer'>,
): References {
  const isFile =
    /^https?$/.test(textOf(info.protocol) ?? 'https') &&
    !/\.(?:m3u8|mpd)(?:[?#]|$)/.test(textOf(info.url) ?? '')
  const url = isFile ? urlOf(info.url) : undefined
  if (url !== undefined) yield { ...shared, url, pointer: '/url' }
  else if (named)
    yield { ...shared, missing: `the export does not have ${named.name}`, pointer: named.pointer }
}

function* thumbnailOf(info: JsonObject, files: readonly string[]): References {
  const file = files.find((path) => mediaTypeOfPath(path) === 'image')
  const url = urlOf(info.thumbnail)
  const others = objectsOf(info.thumbnails)
    .map(([thumbnail]) => ({
      url: urlOf(thumbnail.url),
      preference: numberOf(thumbnail.preference) ?? 0,
      width: pixelsOf(thumbnail.width),
      height: pixelsOf(thumbnail.height),
    }))
    .flatMap(({ url: other, ...rest }) =>
      other === undefined || other === url ? [] : [{ url: other, ...rest }],
    )
    .sort((one, other) => other.preference - one.preference)
  const pointer = url === undefined ? '/thumbnails' : '/thumbnail'
  const best = url ?? others.shift()?.url
  if (best === undefined && file === undefined) return
  const candidates = others
    .slice(0, MAX_THUMBNAILS)
    .map(({ url: other, width, height }) => ({ url: other, width, height }))
  yield { file, url: best, key: 'thumbnail', role: 'thumbnail', mediaType: 'image', pointer, candidates }
}

/** `<name>.<language>.vtt` beside the video. `requested_subtitles` names those that were asked for. */
function* subtitlesOf(info: JsonObject, place: Place, files: readonly string[], stem: string): References {
  const requested = objectOf(info.requested_subtitles)
  const languages = new Set(Object.keys(requested))
  for (const file of files) {
    const language = /^\.([\w-]+)\.(?:vtt|srt|ass|lrc|ttml)$/.exec(fileNameOf(file).slice(stem.length))?.[1]
    if (language === undefined) continue
    const pointer = languages.has(language) ? `/requested_subtitles/${language}` : ''
    languages.delete(language)
    yield subtitle(language, pointer, { file, url: urlIn(requested[language]) })
  }
  for (const language of languages) {
    const url = urlIn(requested[language])
    const named = isObject(requested[language]) ? fileNamed(requested[language], '', place) : undefined
    const pointer = `/requested_subtitles/${escapePointer(language)}`
    if (url !== undefined) yield subtitle(language, pointer, { url })
    else if (named) yield subtitle(language, pointer, { missing: `the export does not have ${named.name}` })
  }
}

function subtitle(language: string, pointer: string, where: Partial<MediaReference>): MediaReference {
  return { ...where, key: `subtitles:${language}`, role: 'content', mediaType: 'document', pointer }
}

function urlIn(value: Value): string | undefined {
  return isObject(value) ? urlOf(value.url) : undefined
}
