import type { Digests } from '@mediakeep/checksum'
import type { MediaType } from '@mediakeep/plugin-api'

/**
 * Something unusual about a file that is kept anyway. `missing_end_mark`: complete except for its end mark.
 * `trailing_data`: harmless bytes follow its end. `leading_data`: bytes precede its start.
 * `wrong_size_field`: a length in the file does not match its bytes. `encrypted`: it needs a password.
 * `not_decoded`: its type is recognised, but no decoder here can check it.
 */
export type Finding =
  'missing_end_mark' | 'trailing_data' | 'leading_data' | 'wrong_size_field' | 'encrypted' | 'not_decoded'

/** Facts about the bytes of a media file from sniffing and decoding; the server's claims are not included. */
export interface MediaFacts {
  readonly mediaType: MediaType
  readonly mimeType: string
  /** Without a dot, lower case: `jpg`, `mp4`, `pdf`. */
  readonly extension: string
  /** Pixels as shown, after the EXIF orientation; absent for documents. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly durationMs?: number | undefined
  /** Only decoding finds these; absent when nothing is unusual. */
  readonly findings?: readonly Finding[] | undefined
}

/** One distinct sequence of bytes, shared by all posts that show it. */
export interface Content extends Digests, MediaFacts {
  /** The MD5, or `{md5}-{sha256}` for a second content with the same MD5. Unique in `mediakeep.contents`. */
  readonly name: string
}

const FOLDERS = {
  image: 'images',
  video: 'videos',
  audio: 'audio',
  document: 'documents',
} as const satisfies Record<MediaType, string>

/** The folders of the cache that hold contents, relative to its root. */
export const CONTENT_FOLDERS = Object.values(FOLDERS)

const OTHER_FOLDER = FOLDERS.document

/** Folders of a cache that hold no contents. `derived` files are made from contents and can be made again. */
export const SERVICE_FOLDERS = { derived: 'thumbnails', quarantine: 'quarantine', temporary: 'tmp' } as const

/** The path of a content in the cache, relative to its root: `images/d41d8cd98f00b204e9800998ecf8427e.jpg`. */
export function cachePath(content: Pick<Content, 'mediaType' | 'name' | 'extension'>): string {
  // The row may come from a newer release and name an unknown kind.
  const folder = Object.hasOwn(FOLDERS, content.mediaType) ? FOLDERS[content.mediaType] : OTHER_FOLDER
  return `${folder}/${content.name}.${content.extension}`
}

/** The name of a rejected file in a cache's quarantine. */
export function quarantineName({ sha256, extension }: Pick<Content, 'sha256' | 'extension'>): string {
  return `${sha256}.${extension}`
}

/** The archive key of a rejected file: `quarantine/9f/9f86….bin`. */
export function quarantineKey(fileName: string): string {
  return `quarantine/${fileName.slice(0, 2)}/${fileName}`
}

/** The archive key of a content: `media/d4/d41d8cd98f00b204e9800998ecf8427e.jpg`. */
export function archiveKey(content: Pick<Content, 'name' | 'extension'>): string {
  return `media/${content.name.slice(0, 2)}/${content.name}.${content.extension}`
}
