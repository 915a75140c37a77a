import type { Digests } from '@mediakeep/checksum'

export type MediaType = 'image' | 'video' | 'document'

/** What the bytes of a media file are, by sniffing and decoding; what a server claimed is not in here. */
export interface MediaFacts {
  readonly mediaType: MediaType
  readonly mimeType: string
  /** Without a dot, lower case: `jpg`, `mp4`, `pdf`. */
  readonly extension: string
  /** Pixels as shown, after the EXIF orientation; of a document there is none. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly durationMs?: number | undefined
}

/** One distinct sequence of bytes, whichever posts show it. */
export interface Content extends Digests, MediaFacts {
  /** The MD5; or `{md5}-{sha256}` for a second content that has the same MD5. Unique in `mediakeep.contents`. */
  readonly name: string
}

const FOLDERS = { image: 'images', video: 'videos', document: 'documents' } as const

/** Where the cache keeps a content, relative to its root: `images/d41d8cd98f00b204e9800998ecf8427e.jpg`. */
export function cachePath(content: Pick<Content, 'mediaType' | 'name' | 'extension'>): string {
  return `${FOLDERS[content.mediaType]}/${content.name}.${content.extension}`
}

/** Under which key the archive keeps a content: `media/d4/d41d8cd98f00b204e9800998ecf8427e.jpg`. */
export function archiveKey(content: Pick<Content, 'name' | 'extension'>): string {
  return `media/${content.name.slice(0, 2)}/${content.name}.${content.extension}`
}
