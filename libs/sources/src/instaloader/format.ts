import type {
  JsonObject,
  MediaReference,
  Place,
  SkippedItem,
  SourceFormat,
  SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, isObject, objectOf, textOf, type References } from '../fields.ts'
import { fileNameOf, mediaTypeOfPath } from '../file-types.ts'
import { childrenOf } from '../instagram/graph-media.ts'
import { readGraphPost } from '../instagram/post.ts'

/** `2024-05-01_10-00-00_UTC.json.xz` beside `2024-05-01_10-00-00_UTC_1.jpg`, as Instaloader writes them. */
export const sourceFormat: SourceFormat = {
  name: 'instaloader',
  platform: 'instagram',
  title: 'Instaloader: .json or .json.xz beside its media',
  files: [{ path: '**/*.json' }, { path: '**/*.json.xz' }],
  recognises,
  read,
}

function recognises({ node, instaloader }: JsonObject): boolean {
  return isObject(node) && isObject(instaloader) && textOf(instaloader.node_type) !== undefined
}

/** @throws InvalidPostError */
function read(item: JsonObject, place: Place): SourcePost | SkippedItem {
  const type = textOf(objectOf(item.instaloader).node_type)
  if (type !== 'Post' && type !== 'StoryItem') return { skip: `not a post: ${type ?? 'unknown'}` }
  const node = objectOf(item.node)
  const post = readGraphPost(node, '/node')
  const postType = type === 'StoryItem' ? 'story' : post.postType
  return { ...post, postType, media: collectMedia(withFiles(post.media, node, place)) }
}

/** Adds the file to each reference whose media Instaloader has stored beside the JSON. */
function* withFiles(media: readonly MediaReference[], node: JsonObject, place: Place): References {
  const stem = fileNameOf(place.path).replace(/\.json(?:\.xz)?$/, '')
  const files = place.beside(stem)
  const children = childrenOf(node, '/node').map(([, pointer]) => pointer)
  for (const reference of media) {
    const index = children.findIndex((pointer) => reference.pointer.startsWith(`${pointer}/`))
    const name = index < 0 ? stem : `${stem}_${index + 1}`
    const file =
      reference.role === 'avatar' ? undefined : files.find((path) => isFileOf(path, name, reference))
    yield file === undefined ? reference : { ...reference, file }
  }
}

function isFileOf(path: string, stem: string, { mediaType }: MediaReference): boolean {
  const name = fileNameOf(path)
  return name.startsWith(`${stem}.`) && mediaTypeOfPath(name) === mediaType
}
