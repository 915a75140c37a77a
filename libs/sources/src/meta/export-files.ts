import {
  fixLatin1Text,
  type JsonObject,
  type MediaReference,
  type MediaRole,
  type MediaType,
  type Place,
} from '@mediakeep/plugin-api'
import { fileNameOf, mediaTypeOfPath } from '../file-types.ts'
import { escapePointer, isObject, textOf, type References, type Value } from '../fields.ts'

/** Exports nest files at most `attachments/0/data/0/media/thumbnail/uri` deep. */
const MAX_DEPTH = 10

/** Keys around a file that say what it is, where its name does not. */
const KINDS: Readonly<Record<string, MediaType>> = {
  photos: 'image',
  gifs: 'image',
  sticker: 'image',
  thumbnail: 'image',
  videos: 'video',
  audio_files: 'audio',
  files: 'document',
  subtitles: 'document',
}

/** Returns every file that a post of a Facebook or Instagram export names: each object with a text `uri`, in order. */
export function* exportFiles(value: Value, pointer: string, place: Place): References {
  yield* filesIn(value, pointer, place, undefined, 0)
}

function* filesIn(
  value: Value,
  pointer: string,
  place: Place,
  around: string | undefined,
  depth: number,
): References {
  if (depth > MAX_DEPTH) return
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* filesIn(item, `${pointer}/${index}`, place, around, depth + 1)
    return
  }
  if (!isObject(value)) return
  const uri = textOf(value.uri)
  if (uri !== undefined)
    yield exportFile(uri, `${pointer}/uri`, place, claimedType(value, around), roleOf(around))
  for (const [key, inner] of Object.entries(value)) {
    yield* filesIn(
      inner,
      `${pointer}/${escapePointer(key)}`,
      place,
      Object.hasOwn(KINDS, key) ? key : around,
      depth + 1,
    )
  }
}

function roleOf(around: string | undefined): MediaRole {
  return around === 'thumbnail' ? 'thumbnail' : 'content'
}

function claimedType({ media_metadata }: JsonObject, around: string | undefined): MediaType {
  if (isObject(media_metadata) && media_metadata.video_metadata !== undefined) return 'video'
  return (around === undefined ? undefined : KINDS[around]) ?? 'image'
}

/** Returns the reference to one file. `claimed` is its kind when its name has no known extension. */
export function exportFile(
  uri: string,
  pointer: string,
  place: Place,
  claimed: MediaType = 'image',
  role: MediaRole = 'content',
): MediaReference {
  // A voice message is an .mp4, too.
  const mediaType = claimed === 'audio' ? claimed : (mediaTypeOfPath(uri) ?? claimed)
  if (/^https?:/i.test(uri)) return { url: uri, role, mediaType, pointer }
  const file = resolveUri(uri, place)
  // The folders of an export differ from version to version; the names of its files do not.
  const key = fileNameOf(uri)
  return file === undefined
    ? { missing: `the export does not have ${uri}`, key, role, mediaType, pointer }
    : { file, key, role, mediaType, pointer }
}

/** Finds a file by its path from the export's root, which may itself lie in a folder of what is imported. */
function resolveUri(uri: string, place: Place): string | undefined {
  const depth = place.path.split('/').length - 1
  for (const path of new Set([uri, fixLatin1Text(uri)])) {
    for (let up = 0; up <= depth; up++) {
      const found = place.resolve('../'.repeat(up) + path)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** Repairs the text of a Facebook or Instagram export. */
export function exportText(value: Value): string | undefined {
  const text = textOf(value)
  return text === undefined ? undefined : fixLatin1Text(text)
}
